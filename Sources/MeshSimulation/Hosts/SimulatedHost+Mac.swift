import MeshCore

/// A Mac with Homebrew; whatever is not here is as on Linux.
extension SimulatedHost {
  /// - Returns: false where the script does the same as on Linux.
  mutating func performOnMac(_ script: ScriptName, _ run: inout ScriptRun) -> Bool {
    switch script {
    case .probe:
      probe(&run)
      run.answer("uname", 0, "Darwin")
      run.answer("product", 0, "15.5")
      run.answer("groups", 0, "staff")
      run.answer("init", 0, "launchd")
      run.answer("brew", 0, "/opt/homebrew/bin/brew")
      run.answer("brew-owner", 0, loginUser)
      run.answer("app", 0, "no")
      run.answer("daemon", 0, client == nil ? "" : "homebrew.mxcl.tailscale")
      return true
    case .installBrew:
      installBrew(&run)
      return true
    default: return false
    }
  }

  private mutating func installBrew(_ run: inout ScriptRun) {
    func ended(_ status: Int, _ stage: String, _ evidence: String) {
      run.answer("stage", status, stage)
      run.answer("evidence", 0, evidence)
      run.answer("version", 0, client?.version ?? "")
    }
    if client != nil, run.parameters["VERSION"] == "present" { return ended(0, "", "") }
    if let stage = faults.installFailsAt {
      return ended(1, stage, "Error: No available formula with the name \"tailscale\".")
    }
    run.seconds = 20
    if client == nil {
      client = SimulatedClient(
        version: repositoryVersion, isRunning: false, machineKey: "mkey:" + run.random.hex(64))
    } else {
      client?.version = repositoryVersion
    }
    ended(0, "", "")
  }
}
