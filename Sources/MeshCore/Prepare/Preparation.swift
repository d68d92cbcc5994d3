/// What `meshctl prepare` would do on one host: in words and in full for the person who decides, and
/// as calls for whoever acts.
package struct Preparation: Sendable, Equatable {
  package enum Form: String, Sendable {
    /// Install the client, start it, make the login user its operator.
    case oneTime = "one-time"
    /// Root without a password, for unattended runs.
    case dropIn = "drop-in"
  }

  /// What a person reads before the question; texts that are written stand in full, indented.
  package var lines: [String]
  /// Elevated calls, in order.
  package var calls: [RemoteCall]
  package var login: String
  package var form: Form

  package enum Need: Sendable, Equatable {
    case needed(Preparation)
    /// Everything is there already; why, in words.
    case none(String)
  }

  /// Decides from facts what is missing.
  ///
  /// - Throws: `Failure` where the host cannot be prepared in this form.
  package static func need(
    _ form: Form, of host: Host, facts: HostFacts, way: RootWay
  ) throws(Failure) -> Need {
    if case .impossible(let finding) = way { throw Failure(finding) }
    let login = facts.user
    if case .ready = way {
      return .none(
        facts.elevation == .root
          ? "\(login) is root there: nothing to prepare"
          : "\(login) becomes root without a password there: nothing to prepare")
    }
    guard RootRule.isPlain(login) else {
      throw Failure(
        .prepareUser, "the login user of \(host.key) has a name that meshctl writes into no rule",
        detail: "Only letters, digits, `_`, `-` and `.` are safe there.", evidence: login,
        hint: "set ssh.user of \(host.key) to a plain account, or write the rule by hand",
        host: host.key)
    }
    switch form {
    case .oneTime: return try oneTime(host, facts, login, way)
    case .dropIn: return .needed(try dropIn(host, login, way))
    }
  }

  /// Sentences, broken for a terminal of the usual width.
  package static func prose(_ sentences: [String]) -> [String] {
    sentences.flatMap { TextFlow.wrap($0, room: 96) }
  }

  // MARK: One-time

  private static func oneTime(
    _ host: Host, _ facts: HostFacts, _ login: String, _ way: RootWay
  ) throws(Failure) -> Need {
    if let wanted = host.preferences.operatorUser, wanted != login {
      throw Failure(
        .prepareOperator, "the inventory gives \(host.key) another operator: \(wanted)",
        detail: "Preparing it for \(login) would be undone by the next apply.",
        hint: "write operator: \(login), or: meshctl prepare --drop-in \(host.key)", host: host.key)
    }
    if ClientAccess.operates(host, facts) {
      return .none("\(login) may change the client there without root: nothing to prepare")
    }
    var calls: [RemoteCall] = []
    var words: [String] = []
    if facts.client == nil {
      let plan = try InstallPlan.choose(for: host, facts: facts)
      calls.append(.install(plan))
      words.append("install tailscale: \(plan.words)")
    }
    if facts.client?.backendState == nil {
      calls.append(.startService)
      words.append("enable and start its service")
    }
    calls.append(.prepareOperator(login: login, on: host.os))
    let before = facts.client?.preferences?.operatorUser ?? ""
    let note = RemoteCall.operatorNote(on: host.os)
    words.append(
      "tailscale set --operator=\(login)" + (before.isEmpty ? "" : "   (now: \(before))"))
    words.append("\(note), a note for --undo:")
    let lines =
      ["As root on \(host.key), once:", ""] + words.map { "  - \($0)" }
      + ["", "        \(login)", "        \(former(facts))", ""]
      + prose([
        "From then on \(login) joins, leaves and changes preferences there without root, and so does"
          + " whoever logs in as \(login). That is less than root, and not nothing: an operator can"
          + " also turn on Tailscale SSH.",
        "Installing, upgrading and restarting the client still ask for the password"
          + " (--drop-in covers those).",
      ])
    return .needed(Preparation(lines: lines, calls: calls, login: login, form: .oneTime))
  }

  /// The second line of the note.
  private static func former(_ facts: HostFacts) -> String {
    guard let preferences = facts.client?.preferences else {
      return "(the operator before, or an empty line)"
    }
    return preferences.operatorUser.isEmpty
      ? "(an empty line: no operator before)" : preferences.operatorUser
  }

  // MARK: Drop-in

  private static func dropIn(
    _ host: Host, _ login: String, _ way: RootWay
  ) throws(Failure) -> Preparation {
    let isDoas = way == .terminal(.doas)
    guard
      let rule = RootRule(
        isDoas ? .doas : .sudoers, login: login, liftsTerminal: way == .terminal(.sudo))
    else {
      throw Failure(.prepareUser, "no rule can be written for \(login)", host: host.key)
    }
    let check = isDoas ? "doas -C" : "visudo -cf"
    let what =
      isDoas
      ? "As root on \(host.key), these lines go to the end of \(rule.place) (checked by \(check) first):"
      : "As root on \(host.key), \(rule.place) is written (root, mode 0440, checked by \(check) first):"
    let text = rule.text.split(separator: "\n", omittingEmptySubsequences: false)
    let lines =
      prose([what]) + [""] + text.map { "    \($0)" } + [""]
      + prose([
        "This makes \(login) as good as root on \(host.key): whoever can log in as \(login), or holds"
          + " its key, can do everything there, for ever. A rule with fewer commands would not be less,"
          + " since whoever may install packages or run tailscale as root can become root.",
        "For a person at the terminal --one-time is enough, and grants less.",
      ])
    return Preparation(
      lines: lines, calls: [.prepare(rule, login: login)], login: login, form: .dropIn)
  }
}
