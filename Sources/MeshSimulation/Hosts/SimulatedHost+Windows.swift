import MeshCore

/// A Windows machine, as the PowerShell scripts answer for it.
extension SimulatedHost {
  /// Runs the scripts that differ there; false where the common one serves.
  mutating func performOnWindows(_ script: ScriptName, _ run: inout ScriptRun) -> Bool {
    switch script {
    case .probe: probeWindows(&run)
    case .installWindows: installWindows(&run)
    case .join: joinWindows(&run)
    case .handOver: handOver(&run)
    case .takeBack: takeBack(&run)
    default: return false
    }
    return true
  }

  /// The `probe` script.
  private func probeWindows(_ run: inout ScriptRun) {
    let account = "\(hostname.uppercased())\\\(loginUser)"
    run.answer("uname", 0, "Windows_NT")
    run.answer("machine", 0, architecture == "aarch64" ? "ARM64" : "AMD64")
    run.answer("product", 0, "Windows 11 Pro")
    run.answer("build", 0, "10.0.22631.3007")
    run.answer("user", 0, account)
    run.answer("sid", 0, "S-1-5-21-1-2-3-1001")
    run.answer("uid", 0, isAdministrator ? "0" : "1000")
    run.answer("hostname", 0, hostname)
    run.answer("sshd", 0, "Running Automatic")
    run.answer("ssh", 0, "198.51.100.1 50000 198.51.100.2 22")
    run.answer("service", 0, client.map { $0.isRunning ? "running" : "stopped" } ?? "missing")
    if let client {
      run.answer("client-version", 0, client.versionJSON)
    } else {
      run.answer("client-version", 127, "tailscale: not found")
    }
    answerStatus(&run)
    answerPrefs(&run)
    run.answer("not-asked", 0, "")
    run.answer("logged-in", 0, client?.nodeKey == nil ? "no" : "yes")
    run.answer("owner", 0, client?.nodeKey == nil ? "" : account)
    run.answer("windows", 0, "")
    run.answer("logged-on", 0, desktop.loggedOn ?? "")
    run.answer("policy", 0, "")
    run.answer("networks", 0, "")
    run.answer("winget", 0, #"C:\Users\Public\winget.exe"#)
    run.answer("reboot", 0, "no")
    run.answer("tools", 0, "curl")
    answerSettings(&run)
    run.answer("waiting", 0, handOver?.json ?? "")
  }

  /// On Windows a login of an administrator is elevated already.
  var isAdministrator: Bool {
    switch privilege {
    case .root, .sudo, .sudoPassword: true
    case .doas, .refused, .unavailable: false
    }
  }

  /// The `install-windows` script: the vendor's package, else winget from its own source.
  private mutating func installWindows(_ run: inout ScriptRun) {
    let wanted = run.parameters["VERSION"] ?? "present"
    guard client == nil || !["present", client?.version].contains(wanted) else {
      run.answer("stage", 0, "")
      run.answer("evidence", 0, "")
      run.answer("version", 0, client?.version ?? "")
      return
    }
    if let stage = faults.installFailsAt {
      run.answer("stage", 1, stage)
      run.answer("evidence", 0, "msiexec: exit 1603")
      run.answer("version", 0, client?.version ?? "")
      return
    }
    run.seconds = 45
    let ending = installer(run.parameters, version: wanted)
    guard ending.stage.isEmpty else {
      run.answer("stage", 1, ending.stage)
      run.answer("evidence", 0, ending.words)
      run.answer("version", 0, client?.version ?? "")
      return
    }
    let version = ["present", "latest"].contains(wanted) ? repositoryVersion : wanted
    if client == nil {
      client = SimulatedClient(
        version: version, isRunning: true, machineKey: "mkey:" + run.random.hex(64))
    } else {
      client?.version = version
    }
    run.answer("stage", 0, "")
    run.answer("evidence", 0, ending.words)
    run.answer("version", 0, version)
  }

  /// The `join` script over SSH, which the client of a desktop may not keep.
  private mutating func joinWindows(_ run: inout ScriptRun) {
    guard desktop.joinOverSSH != .hangs || run.arguments.isEmpty else {
      run.seconds = Double(run.parameters["TIMEOUT"] ?? "") ?? 60
      run.answer("up", 1, SimulatedHost.timeout)
      answerStatus(&run)
      answerPrefs(&run)
      return
    }
    join(&run)
    guard desktop.joinOverSSH == .drops, let key = client?.nodeKey, !run.arguments.isEmpty else {
      return
    }
    run.server.disconnect(nodeKey: key, now: run.now)
    client?.nodeKey = nil
    client?.preferences.loggedOut = true
  }

  /// The `hand-over` script.
  private mutating func handOver(_ run: inout ScriptRun) {
    guard client != nil else {
      run.answer("handover", 1, "")
      run.answer("evidence", 0, "tailscale: not found")
      return
    }
    handOver = SimulatedHandOver(
      keyID: run.parameters["KEY_ID"] ?? "", expires: run.parameters["KEY_EXPIRES"] ?? "",
      url: run.parameters["URL"] ?? "", arguments: run.arguments)
    var evidence = "nobody is logged on"
    if let user = desktop.loggedOn {
      run.seconds = 60
      if desktop.taskJoins {
        finishJoin(&run)
        if handOver == nil {
          run.answer("handover", 0, "joined")
          run.answer("evidence", 0, "")
          run.answer("line", 0, "")
          answerStatus(&run)
          answerPrefs(&run)
          return
        }
      }
      evidence = handOver?.result ?? "the logon task of \(user) did not end in time"
    }
    run.answer("handover", 0, "waiting")
    run.answer("evidence", 0, evidence)
    run.answer("line", 0, WaitingJoin.line)
    answerStatus(&run)
    answerPrefs(&run)
  }

  /// The `take-back` script.
  private mutating func takeBack(_ run: inout ScriptRun) {
    handOver = nil
    run.answer("removed", 0, "")
  }

  /// What `join-mesh.ps1` does in the session of whoever runs it; removes what waited once it joined.
  ///
  /// `run.authKey` is the key that waits.
  mutating func finishJoin(_ run: inout ScriptRun) {
    guard let waiting = handOver else { return }
    var inner = run
    inner.isRoot = true
    inner.parameters["ARGS"] = waiting.arguments.joined(separator: "\n")
    join(&inner)
    (run.server, run.random, run.seconds) = (inner.server, inner.random, inner.seconds)
    let up = inner.sections["up"]
    handOver = up?.status == 0 ? nil : waiting
    handOver?.result = "failed: tailscale up: \(up?.text ?? "no answer")"
  }
}
