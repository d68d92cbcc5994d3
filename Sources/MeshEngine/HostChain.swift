package import MeshCore

/// What a chain of steps on one host came to.
package struct ChainResult: Sendable {
  package var host: String
  /// Facts as the scripts reported them last.
  package var facts: HostFacts?
  package var stepsDone: [StepKind]
  /// True when `up` with a key was tried; preferences may have moved by it.
  package var triedToJoin = false
  /// The node that a step waited for and found online.
  package var nodeID: String?
  /// What a person has to do on the host before anything else can be done.
  package var waiting: Diagnostic?
  /// The login server as the host finds it; nil before it was checked.
  var server: EffectiveServer?
  /// The failure that ended the chain.
  package var failure: Diagnostic?
  /// Findings that did not stop it.
  package var warnings: [Diagnostic] = []
}

/// Runs the steps of one host one after the other: act, judge, go on.
package struct HostChain: Sendable {
  let host: Host
  let steps: [Step]
  let round: Int
  let ports: Ports
  let keys: KeysInFlight
  let nodes: NodeWatch
  let pacer: JoinPacer

  package init(
    host: Host, steps: [Step], round: Int, ports: Ports, keys: KeysInFlight, nodes: NodeWatch,
    pacer: JoinPacer = JoinPacer()
  ) {
    self.host = host
    self.steps = steps
    self.round = round
    self.ports = ports
    self.keys = keys
    self.nodes = nodes
    self.pacer = pacer
  }

  /// Runs to the end or to the first failure; cleans up after a failed step.
  ///
  /// The chain also ends, without a failure, where a client turns out to hold a key before its join:
  /// a joined host is never joined anew, so the next round looks closer.
  ///
  /// - Throws: `CancellationError` only; the caller then cleans up for the whole run.
  package func run(facts: HostFacts?) async throws -> ChainResult {
    var result = ChainResult(host: host.key, facts: facts, stepsDone: [])
    var elevation = Elevation.none
    for step in steps {
      if case .join(let join) = step, !join.reauthenticates,
        result.facts?.client?.isJoined == true
      {
        await emit(.stepSkipped(.join, reason: "the client has a node key already"))
        break
      }
      if step.kind == .join { try await pacer.enter() }
      defer { if step.kind == .join { pacer.leave() } }
      await emit(.stepStart(step.kind), of: step)
      do {
        if ClientAccess.needsRoot(step, host, result.facts), case .none = elevation {
          elevation = try await elevated(result.facts)
        }
        let detail = try await perform(step, elevation: elevation, result: &result)
        result.stepsDone.append(step.kind)
        await emit(.stepOK(step.kind, detail: detail), of: step, node: result.nodeID)
      } catch is CancellationError {
        await abandon(step, elevation: elevation)
        throw CancellationError()
      } catch {
        let diagnostic = Failure(any: error).diagnostic.on(host: host.key)
        await emit(.stepFailed(step.kind, diagnostic), of: step)
        await cleanUp(after: step, elevation: elevation)
        guard let handOver = step.handOver(after: diagnostic) else {
          result.failure = diagnostic
          break
        }
        try await leave(handOver, after: diagnostic, elevation: elevation, result: &result)
        guard result.waiting == nil, result.failure == nil else { break }
      }
    }
    return result
  }

  func perform(
    _ step: Step, elevation: Elevation, result: inout ChainResult
  ) async throws -> String {
    let detail = try await perform(
      step.payload.effects, of: step.kind, elevation: elevation, result: &result)
    return detail.isEmpty ? step.achieved : detail
  }

  /// Performs effects in order; the first failure ends them.
  ///
  /// - Returns: what the last of them achieved, in a few words.
  func perform(
    _ effects: [Effect], of kind: StepKind, elevation: Elevation, result: inout ChainResult
  ) async throws -> String {
    var detail = ""
    for effect in effects {
      try Task.checkCancellation()
      switch effect {
      case .remote(let planned):
        let sent = await completed(planned, result.server)
        let call = await keys.described(sent, host: host.key)
        let answer = try await ports.hosts.run(
          ClientAccess.adapted(call, host, result.facts),
          secrets: await keys.secrets(for: call, host: host.key), elevation: elevation, on: host)
        if !call.secretFiles.isEmpty { result.triedToJoin = true }
        let verdict = try judged(call, answer, &result)
        if !verdict.detail.isEmpty { detail = verdict.detail }
        result.warnings += verdict.warnings
        result.waiting = verdict.waits
        for file in call.secretFiles { result.warnings += await used(file.slot) }
      case .server(let call): try await perform(call, of: kind)
      case .enableSSH(let way): detail = try await ports.bootstrap.deliver(way, to: host)
      case .wait(.ssh(let timeout, let bySetup)):
        detail = try await waitForSSH(
          timeout: timeout, bySetup: bySetup, delivered: detail, result: &result)
      case .wait(.joined(let timeout, let lasting)):
        let node = try await waitUntilOnline(
          result.facts?.client?.nodeKey, after: kind, timeout: timeout, lasting: lasting)
        result.nodeID = node.id
        detail = HostChain.online(node)
      }
    }
    return detail
  }

  /// The verdict on one answer; what it says of the client becomes the host's facts.
  private func judged(
    _ call: RemoteCall, _ answer: RemoteAnswer, _ result: inout ChainResult
  ) throws -> RemoteVerdict {
    let version = result.facts?.client?.version ?? ""
    switch RemoteJudge.judge(call, answer: answer, host: judged(call), known: version) {
    case .success(let verdict):
      if let named = call.checkedServer, let used = verdict.server {
        result.server = EffectiveServer(named: named, used: used)
      }
      if let settings = verdict.settings { result.facts?.settings = settings }
      if let client = verdict.client {
        if call.script.installs, result.facts?.client != nil {
          // An upgrade: the script tells the version only.
          result.facts?.client?.version = client.version
          if result.facts?.client?.daemonVersion != nil {
            result.facts?.client?.daemonVersion = client.version
          }
        } else {
          result.facts?.client = client
        }
        // An installed package may not have been started (no init system).
        if !call.script.installs { result.facts?.service = .running }
      }
      return verdict
    case .failure(let failure):
      // A failed `up` may have replaced preferences all the same.
      if call.script == .join, answer.report.isComplete,
        let client = TargetProfile.of(host.os).client(answer.report, version)
      {
        result.facts?.client = client
      }
      throw failure
    }
  }

  /// A key that did its work; where the ledger cannot be told, the next run expires it once more.
  private func used(_ slot: SecretSlot) async -> [Diagnostic] {
    do {
      try await keys.used(slot, host: host.key)
      return []
    } catch {
      return [Failure(any: error).diagnostic.asWarning.on(host: host.key)]
    }
  }

  func perform(_ call: ServerCall, of kind: StepKind) async throws {
    switch call {
    case .createUser(let name): try await ports.control.createUser(name: name)
    case .createPreAuthKey(let request, let slot):
      try await pacer.timed(.key, by: ports.clock) {
        try await keys.mint(request, into: slot, host: host.key)
      }
    case .expireWaitingKey(let expiration):
      try await ports.control.expireUnusedKeys(expiringAt: expiration)
      await emit(.sideEffect(.keysExpired(expiring: expiration)))
    case .expirePreAuthKey(let slot): try await keys.expire(slot, host: host.key)
    case .setTags(let nodeID, let tags):
      try await ports.control.setTags(nodeID: nodeID, tags: tags)
    case .approveRoutes(let nodeID, let routes):
      try await ports.control.approveRoutes(nodeID: nodeID, routes: routes)
    case .rename(let nodeID, let name): try await ports.control.rename(nodeID: nodeID, to: name)
    case .disableExpiry(let nodeID): try await ports.control.disableExpiry(nodeID: nodeID)
    case .deleteNode(let id):
      try await ports.control.deleteNode(id: id)
      if kind != .deleteNode { await emit(.sideEffect(.nodeDeleted(id: id))) }
    }
  }

  func waitUntilOnline(
    _ nodeKey: String?, after step: StepKind, timeout: Int, lasting: Int
  ) async throws -> MeshNode {
    guard let nodeKey else {
      // Nobody could know before it ran, so a login was not shown and is not done.
      guard step == .join else {
        throw Failure(
          .joinNotSeen, "now that the client runs, it has no node key: it was reset or reinstalled",
          detail: "A new login was not part of the plan that was shown.",
          hint: "meshctl apply --limit \(host.key): the next plan has it")
      }
      throw Failure(
        .joinNotSeen, "the client reports no node key after it was brought up",
        hint: "on \(host.key): tailscale status")
    }
    switch try await nodes.waitUntilOnline(nodeKey: nodeKey, timeout: timeout) {
    case .online(let node):
      if lasting > 0 { try await requireLasting(node, seconds: lasting) }
      return node
    case .listed(let node):
      throw Failure(
        .joinNotOnline, "node #\(node.id) is listed but not online after \(timeout) s",
        detail: "The client registered, but keeps no connection to the server.",
        hint: "on \(host.key): tailscale status; tailscale netcheck")
    case .missing:
      throw Failure(
        .joinNotSeen, "the server lists no node with the key that the host reports",
        detail: "Nothing was granted to any node.", evidence: nodeKey,
        hint: "headscale nodes list; on \(host.key): tailscale status")
    }
  }

  /// A login in a few words.
  static func online(_ node: MeshNode) -> String {
    "node #\(node.id) online, " + (node.ipAddresses.first ?? "no address")
  }

  private func elevated(_ facts: HostFacts?) async throws -> Elevation {
    guard let facts else { return .none }
    switch ElevationChoice.choose(host.become, facts: facts) {
    case .ready(.root): return .root
    case .ready(.sudo): return .sudo
    case .ready(.doas): return .doas
    case .password:
      guard let password = try await ports.passwords.becomePassword(for: host) else {
        throw Failure(
          SudoClassifier.diagnostic(
            .passwordNeeded, evidence: facts.elevationEvidence, on: host))
      }
      return .sudoPassword(password)
    case .impossible(let reason, _):
      let refusal = RootWay.refusal(host, facts)?.finding
      throw Failure(refusal ?? Diagnostic(.elevateRefused, .error, reason, host: host.key))
    }
  }

  func emit(_ kind: Event.Kind, of step: Step? = nil, node: String? = nil) async {
    await ports.events.emit(
      Event(
        time: ports.clock.now(), host: host.key, round: round, kind: kind, step: step,
        nodeID: node))
  }
}

extension Step {
  /// What is said when the step's effects say nothing themselves.
  var achieved: String {
    switch self {
    case .setTags(_, let tags): tags.joined(separator: ", ")
    case .approveRoutes(_, let routes): routes.isEmpty ? "none" : routes.joined(separator: ", ")
    case .renameNode(_, let name): name
    case .setPreferences(let arguments): arguments.joined(separator: " ")
    default: ""
    }
  }
}
