import MeshCore

/// Prepares one host: reach it, look, show, ask, do, look again.
struct PrepareWork: Sendable {
  let host: Host
  let request: PrepareRequest
  let hosts: any HostPreparing
  let dialogue: any PrepareDialogue
  var passwords: PasswordDesk
  let trail: any PrepareTrail
  private(set) var touched = false
  /// What was written there, for the trail.
  private(set) var written: [String] = []
  /// How root is had, once a person has said yes.
  private var elevation: Elevation?

  init(
    host: Host, request: PrepareRequest, hosts: any HostPreparing,
    dialogue: any PrepareDialogue, passwords: PasswordDesk,
    trail: any PrepareTrail = NoPrepareTrail()
  ) {
    self.trail = trail
    self.host = host
    self.request = request
    self.hosts = hosts
    self.dialogue = dialogue
    self.passwords = passwords
  }

  mutating func run() async throws -> PrepareOutcome.Result {
    if host.os == .windows {
      throw Failure(
        .prepareUnsupported, "\(host.key) runs Windows, which has no sudo to prepare",
        detail: "There an administrator's login is enough.",
        hint: "meshctl bootstrap windows --out DIR", host: host.key)
    }
    guard host.state == .present else {
      throw Failure(
        .prepareUnsupported, "\(host.key) is state: absent in the inventory",
        detail: "Nothing is installed on a host that is to leave the mesh.",
        hint: "remove state: absent of \(host.key)", host: host.key)
    }
    let facts = try await reached()
    switch request.task {
    case .grant(let form): return try await grant(form, facts)
    case .undo: return try await undo(facts)
    }
  }

  // MARK: Reaching

  /// The host's facts; where the usual login does not work, OpenSSH asks on the terminal.
  private func reached() async throws -> HostFacts {
    switch await hosts.probe(host) {
    case .facts(let facts): return facts
    case .failed(let finding):
      guard finding.code == .sshHostKeyUnknown || finding.code == .sshAuthentication else {
        throw Failure(finding)
      }
      await dialogue.say(Preparation.prose(introduction(finding)))
      try await hosts.logInOnTerminal(host)
    }
    switch await hosts.probe(host) {
    case .facts(let facts): return facts
    case .failed(let finding): throw Failure(finding)
    }
  }

  private func introduction(_ finding: Diagnostic) -> [String] {
    finding.code == .sshHostKeyUnknown
      ? [
        "The host key of \(host.key) is not known yet. OpenSSH shows its fingerprint and asks; compare"
          + " it with one that you trust, for example what this prints there:",
        "    ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub",
        "With your yes OpenSSH adds the key to your known_hosts.",
      ]
      : [
        "SSH accepts no key of yours on \(host.key), so OpenSSH asks you itself now"
          + (request.key == nil
            ? "; later runs cannot (--copy-key FILE.pub puts a key there)." : ".")
      ]
  }

  // MARK: Granting

  private mutating func grant(
    _ form: Preparation.Form, _ facts: HostFacts
  ) async throws -> PrepareOutcome.Result {
    let way = RootWay.find(host, facts)
    let keyLines = request.key.map { keyWords($0, facts) } ?? []
    let need: Preparation.Need
    do { need = try Preparation.need(form, of: host, facts: facts, way: way) } catch {
      // A key can be put there all the same, and is what was asked for.
      guard request.key != nil else { throw error }
      await dialogue.warn(error.diagnostic.asWarning)
      need = .none("root stays as it is there")
    }
    switch need {
    case .none(let why):
      await dialogue.say(["\(host.key): \(why)."])
      guard request.key != nil else { return .unneeded }
      await dialogue.say([""] + keyLines)
      guard try await dialogue.confirm("Do this on \(host.key)?") else { return .declined }
    case .needed(let preparation):
      await dialogue.say([""] + preparation.lines + keyLines)
      guard try await dialogue.confirm("Do this on \(host.key)?") else { return .declined }
      try await carryOut(preparation, facts, way)
    }
    if let key = request.key { try await put(key) }
    return .done
  }

  private mutating func carryOut(
    _ preparation: Preparation, _ facts: HostFacts, _ way: RootWay
  ) async throws {
    for call in preparation.calls {
      let answer = try await asRoot(call, facts, way)
      let verdict = try RemoteJudge.judge(call, answer: answer, host: host).get()
      if !verdict.detail.isEmpty {
        await dialogue.say(["\(host.key): \(call.words): \(verdict.detail)"])
      }
    }
    try await verify(preparation, facts, way)
  }

  /// What was put in place has to do what it is for; a rule that does not is taken back.
  private mutating func verify(
    _ preparation: Preparation, _ facts: HostFacts, _ way: RootWay
  ) async throws {
    guard case .facts(let now) = await hosts.probe(host) else {
      throw Failure(
        .sshLost, "\(host.key) was prepared, but does not answer now",
        hint: "meshctl plan --probe --limit \(host.key)", host: host.key)
    }
    switch preparation.form {
    case .oneTime:
      guard ClientAccess.operates(host, now) || RootWay.find(host, now) == .ready else {
        throw Failure(
          .prepareOperator, "\(preparation.login) is not the client's operator on \(host.key)",
          evidence: now.client?.statusError, hint: "on \(host.key): tailscale debug prefs",
          host: host.key)
      }
      await dialogue.say([
        "\(host.key): ready; \(preparation.login) changes the client without root."
      ])
    case .dropIn:
      if RootWay.find(host, now) == .ready {
        await dialogue.say([
          "\(host.key): ready; \(preparation.login) becomes root without a password."
        ])
        return
      }
      let call = RemoteCall.prepareUndoRule(on: host.os)
      let answer = try await asRoot(call, facts, way)
      _ = try RemoteJudge.judge(call, answer: answer, host: host).get()
      throw Failure(
        .prepareNotEffective, "the rule on \(host.key) had no effect, so it was taken back",
        detail: "sudo does not read that folder, or a later rule asks for a password again.",
        evidence: now.elevationEvidence, hint: "on \(host.key): sudo -l; sudo visudo",
        host: host.key)
    }
  }

  // MARK: Undoing

  private mutating func undo(_ facts: HostFacts) async throws -> PrepareOutcome.Result {
    await dialogue.say([""] + PreparationUndo.lines(host))
    guard try await dialogue.confirm("Do this on \(host.key)?") else { return .declined }
    let way = RootWay.find(host, facts)
    let call = RemoteCall.prepareUndo(
      keepsOperator: host.preferences.operatorUser != nil, on: host.os)
    if case .impossible(let finding) = way {
      await dialogue.warn(finding.asWarning)
    } else {
      let answer = try await asRoot(call, facts, way)
      await undone(try PrepareJudge.undone(answer, host).get())
    }
    // Last: the key may be the one that this connection came by.
    let keys = RemoteCall.prepareUndoKeys(on: host.os)
    await touch(keys)
    let answer = try await hosts.run(keys, secrets: [:], elevation: .none, on: host)
    await undone(try PrepareJudge.undone(answer, host).get())
    return .done
  }

  private mutating func undone(_ parts: [String: PrepareJudge.Undone]) async {
    let summary = PreparationUndo.summary(parts)
    // What the call was about is known better now.
    written.removeLast()
    written += summary
    await dialogue.say(summary.map { "\(host.key): \($0)" })
  }

  // MARK: Keys

  private func keyWords(_ key: PublicKeyLine, _ facts: HostFacts) -> [String] {
    [
      "",
      "As \(facts.user) on \(host.key), this line is added to ~/.ssh/authorized_keys, where that"
        + " key is not there yet:", "", "    \(key.text)", "",
      "Whoever holds its private half can then log in as \(facts.user).",
    ]
  }

  private mutating func put(_ key: PublicKeyLine) async throws {
    let call = RemoteCall.prepare(key)
    await touch(call)
    let answer = try await hosts.run(call, secrets: [:], elevation: .none, on: host)
    let verdict = try PrepareJudge.verdict(call, answer, host).get()
    if verdict != .written { written.removeLast() }
    await dialogue.say([
      "\(host.key): key "
        + (verdict == .written ? "added to ~/.ssh/authorized_keys" : "was there already")
    ])
    // The connection may have come by a password; a new one shows whether the key is enough.
    await hosts.forgetConnection(host)
    if case .failed(let finding) = await hosts.probe(host), finding.code == .sshAuthentication {
      await dialogue.warn(
        Diagnostic(
          .prepareKeyUnused, .warning,
          "the key is on \(host.key), but a login with it does not work",
          detail: "ssh offers another key, or sshd there reads another AuthorizedKeysFile.",
          evidence: finding.evidence, hint: "set ssh.identity_file of \(host.key)", host: host.key))
    }
  }

  // MARK: Root

  /// From here on something may have been written.
  private mutating func touch(_ call: RemoteCall) async {
    if !touched { await trail.begins(host.key) }
    touched = true
    written.append(call.written)
  }

  private mutating func asRoot(
    _ call: RemoteCall, _ facts: HostFacts, _ way: RootWay
  ) async throws -> RemoteAnswer {
    switch way {
    case .terminal(let asker):
      await touch(call)
      return try await hosts.runOnTerminal(call, asking: asker, on: host)
    case .ready:
      await touch(call)
      return try await hosts.run(call, secrets: [:], elevation: ready(facts), on: host)
    case .password:
      let elevation = try await givenPassword(facts)
      await touch(call)
      return try await hosts.run(call, secrets: [:], elevation: elevation, on: host)
    case .impossible(let finding): throw Failure(finding)
    }
  }

  private func ready(_ facts: HostFacts) -> Elevation {
    switch facts.elevation {
    case .root: .root
    case .doas: .doas
    default: .sudo
    }
  }

  /// Asks for the password and proves it; a wrong one is asked for once more and never sent again.
  private mutating func givenPassword(_ facts: HostFacts) async throws -> Elevation {
    if let elevation { return elevation }
    var password = try await passwords.password(of: facts.user, on: host)
    for isLast in [false, true] {
      do {
        let call = RemoteCall.elevate
        let answer = try await hosts.run(
          call, secrets: [:], elevation: .sudoPassword(password), on: host)
        _ = try RemoteJudge.judge(call, answer: answer, host: host).get()
        break
      } catch let failure as Failure
        where failure.diagnostic.code == .elevateWrongPassword && !isLast
      {
        password = try await passwords.again(of: facts.user, on: host)
      }
    }
    let elevation = Elevation.sudoPassword(password)
    self.elevation = elevation
    try await passwords.accepted(password, on: host)
    return elevation
  }
}

extension RemoteCall {
  /// What the call does, for a line of progress.
  fileprivate var words: String {
    switch script {
    case .prepare: parameters.first { $0.name == "PART" }?.value ?? "prepare"
    default: script.rawValue
    }
  }
}
