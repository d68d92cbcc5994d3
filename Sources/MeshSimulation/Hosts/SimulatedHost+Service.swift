import MeshCore

extension SimulatedHost {
  /// The `start-service` script.
  mutating func startService(_ run: inout ScriptRun) {
    func ended(_ status: Int, _ stage: String, _ evidence: String) {
      run.answer("stage", status, stage)
      run.answer("evidence", 0, evidence)
      run.answer("notes", 0, notes.joined(separator: "\n"))
      answerStatus(&run, as: "state")
    }
    guard let client else { return ended(1, "missing", "tailscaled: not found") }
    guard run.isRoot else {
      return ended(1, "enable", "Failed to enable unit: Access denied")
    }
    if !client.isRunning {
      self.client?.startDaemon()
      run.seconds = 2
    }
    // A running client that lost its connection has found back by then.
    connect(&run)
    ended(0, "", "")
  }

  /// What `start-service` says of the machine.
  private var notes: [String] {
    (hasTUN ? [] : ["userspace"]) + (initSystem == .none ? ["not-persistent"] : [])
  }

  /// The `leave` script: `tailscale down`.
  mutating func leave(_ run: inout ScriptRun) {
    if let client, client.isRunning {
      if mayWrite(run, client) {
        self.client?.preferences.wantRunning = false
        if let key = client.nodeKey { run.server.disconnect(nodeKey: key, now: run.now) }
        run.answer("down", 0, "")
      } else {
        run.answer("down", 1, SimulatedHost.accessDenied("down"))
      }
    } else {
      run.answer("down", 0, client == nil ? "no client is installed" : "")
    }
    answerStatus(&run)
    answerPrefs(&run)
  }

  /// The `clear-key` script: restarts the daemon, which forgets a bad key.
  mutating func clearKey(_ run: inout ScriptRun) {
    if client == nil {
      run.answer("restart", 5, "Failed to restart tailscaled.service: Unit not found.")
    } else if !run.isRoot {
      run.answer("restart", 77, "only root restarts the daemon")
    } else {
      client?.startDaemon()
      run.seconds = 2
      connect(&run)
      run.answer("restart", 0, "")
    }
    answerStatus(&run, as: "state")
  }

  /// The `set-preferences` script: `tailscale set`.
  mutating func setPreferences(_ run: inout ScriptRun) {
    let (status, text) = set(&run)
    run.answer("set", status, text)
    answerStatus(&run)
    answerPrefs(&run)
  }

  private mutating func set(_ run: inout ScriptRun) -> (Int, String) {
    guard let client else { return (127, "tailscale: not found") }
    do throws(ClientFlags.Refusal) {
      let flags = try ClientFlags(parsing: run.arguments, for: .set, on: run.os)
      guard client.isRunning else { return (1, SimulatedHost.daemonDown) }
      guard mayWrite(run, client) else { return (1, SimulatedHost.accessDenied("set")) }
      var preferences = client.preferences
      try flags.apply(to: &preferences)
      self.client?.preferences = preferences
      connect(&run)
      return (0, "")
    } catch {
      return (error.status, error.text)
    }
  }

  func mayWrite(_ run: ScriptRun, _ client: SimulatedClient) -> Bool {
    run.isRoot || client.preferences.operatorUser == loginUser
  }

  static func accessDenied(_ verb: String) -> String {
    "Access denied: prefs write access denied\n\nUse 'sudo tailscale \(verb)'.\n"
      + "To not require root, use 'sudo tailscale set --operator=$USER' once."
  }
}
