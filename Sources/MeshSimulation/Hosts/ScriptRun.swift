import MeshCore

/// What a script run on a simulated host can touch besides the host itself.
struct ScriptRun {
  var server: SimulatedHeadscale
  var random: SeededGenerator
  /// Normalised URLs at which the simulated server answers.
  var serverURLs: Set<String>
  /// What the simulated server's names resolve to.
  var serverAddress = "198.51.100.1"
  var now: Timestamp
  var parameters: [String: String]
  var authKey: String?
  /// True when the script runs as root.
  var isRoot: Bool
  /// The system that the script is written for.
  var os = OperatingSystem.linux
  var sections: [String: ScriptReport.Section] = [:]
  /// Seconds the run took.
  var seconds: Double = 0.2

  init(
    _ call: RemoteCall, authKey: String?, isRoot: Bool, server: SimulatedHeadscale,
    random: SeededGenerator, serverURLs: Set<String>, now: Timestamp
  ) {
    parameters = Dictionary(call.parameters.map { ($0.name, $0.value) }) { _, last in last }
    self.authKey = authKey
    self.isRoot = isRoot
    self.server = server
    self.random = random
    self.serverURLs = serverURLs
    self.now = now
  }

  /// One section, as the scripts' `answer` prints it: without final line feeds.
  mutating func answer(_ name: String, _ status: Int, _ text: String) {
    var text = text
    while text.hasSuffix("\n") { text.removeLast() }
    sections[name] = ScriptReport.Section(status: status, text: text)
  }

  /// What a script answers that does not belong on this host: no section at all but this one, so that
  /// no step can take it for success.
  mutating func unsupported(_ script: ScriptName) {
    answer("evidence", 1, "\(script.rawValue) is not simulated for this system")
  }

  /// The flags of `ARGS`, one a line.
  var arguments: [String] {
    (parameters["ARGS"] ?? "").split(separator: "\n").map(String.init)
  }
}

extension SimulatedHost {
  /// Runs one of the embedded scripts (docs/scripts.md) to its end.
  mutating func perform(_ script: ScriptName, _ run: inout ScriptRun) {
    if run.os == .windows, performOnWindows(script, &run) { return }
    if run.os == .macos, performOnMac(script, &run) { return }
    switch script {
    case .probe: probe(&run)
    case .verify: verify(&run)
    case .checkSource: checkSource(&run)
    case .elevate: run.answer("uid", 0, run.isRoot ? "0" : "1000")
    case .checkServer: checkServer(&run)
    case .installApt, .installDNF, .installZypper, .installPacman, .installAPK, .installStatic:
      install(script, &run)
    case .configureHost: configureHost(&run)
    case .startService: startService(&run)
    case .join: join(&run)
    case .setPreferences: setPreferences(&run)
    case .clearKey: clearKey(&run)
    case .leave: leave(&run)
    case .installWindows, .installBrew, .handOver, .takeBack: run.unsupported(script)
    case .prepare: prepare(&run)
    case .prepareUndo: prepareUndo(&run)
    }
  }

  static let daemonDown =
    "failed to connect to local tailscaled; it doesn't appear to be running "
    + "(sudo systemctl start tailscaled ?)"

  /// What the client knows of itself right now; nil where none is installed.
  func clientView(_ run: ScriptRun) -> ClientView? {
    guard let client else { return nil }
    let node = run.server.nodes.first {
      $0.machineKey == client.machineKey && $0.nodeKey == client.nodeKey
    }
    return ClientView(
      client: client,
      node: node.map { run.server.view(of: $0, now: run.now) } ?? client.remembered,
      hostname: hostname, now: run.now, hasTUN: hasTUN)
  }

  /// `tailscale status --json --peers=false` as the section `name`.
  func answerStatus(_ run: inout ScriptRun, as name: String = "status") {
    answerClient(&run, name) { $0.statusJSON }
  }

  /// `tailscale debug prefs`.
  func answerPrefs(_ run: inout ScriptRun) { answerClient(&run, "prefs") { $0.prefsJSON } }

  private func answerClient(
    _ run: inout ScriptRun, _ name: String, _ text: (ClientView) -> String
  ) {
    guard let view = clientView(run) else {
      run.answer(name, 127, "tailscale: not found")
      return
    }
    guard view.client.isRunning else {
      run.answer(name, 1, SimulatedHost.daemonDown)
      return
    }
    run.answer(name, 0, text(view))
  }

  /// Opens or keeps the client's poll, where it is logged in and wants to run.
  mutating func connect(_ run: inout ScriptRun) {
    guard let client, client.isRunning, client.nodeKey != nil, client.preferences.wantRunning,
      !client.preferences.loggedOut, !client.isReauthenticating,
      reachesServer(client.preferences.controlURL, run)
    else { return }
    do throws(SimulatedHeadscale.PollRefusal) {
      let view = try run.server.poll(client.report(systemHostname: hostname), now: run.now)
      self.client?.remember(view)
      self.client?.healthWarning = nil
    } catch {
      // An expired key shows in the status; a deleted node's client notices nothing (#3410).
      self.client?.healthWarning = nil
    }
  }

  func reachesServer(_ url: String, _ run: ScriptRun) -> Bool {
    contactProblem(url, run) == nil
  }

  /// Why the server does not answer from here, in the words of the client's health text.
  func contactProblem(_ url: String, _ run: ScriptRun) -> String? {
    guard let parsed = ServerURL(url) else { return "unsupported protocol scheme" }
    let place = "\(parsed.host):\(parsed.port)"
    if faults.unresolvable.contains(parsed.host) {
      return "failed to resolve \"\(parsed.host)\": no such host"
    }
    if faults.refused.contains(place) { return "dial tcp \(place): connect: connection refused" }
    guard run.serverURLs.contains(parsed.normalized) else {
      return IPPrefix.addressBytes(parsed.host) == nil
        ? "failed to resolve \"\(parsed.host)\": no such host" : "dial tcp \(place): i/o timeout"
    }
    return nil
  }
}
