import MeshCore

/// Installing the client and what it needs of its host.
extension SimulatedHost {
  /// The program that each installing script needs; the archive needs none.
  private static let managers: [ScriptName: (manager: String, program: String)] = [
    .installApt: ("apt", "apt-get"), .installDNF: ("dnf", "dnf"),
    .installZypper: ("zypper", "zypper"), .installPacman: ("pacman", "pacman"),
    .installAPK: ("apk", "apk"),
  ]

  /// One of the installing scripts.
  mutating func install(_ script: ScriptName, _ run: inout ScriptRun) {
    let wanted = run.parameters["VERSION"] ?? "present"
    func ended(_ status: Int, _ stage: String, _ evidence: String, version: String?) {
      run.answer("stage", status, stage)
      run.answer("evidence", 0, evidence)
      run.answer("version", 0, version ?? "")
    }
    let installed = client?.version
    if wanted == installed || (wanted == "present" && installed != nil) {
      return ended(0, "", "", version: installed)
    }
    guard run.isRoot else {
      return ended(1, "install", "Permission denied", version: installed)
    }
    let needed = SimulatedHost.managers[script]
    if let needed, !packageManagers.contains(needed.manager) {
      return ended(1, "install", "\(needed.program): not found", version: installed)
    }
    if let stage = faults.installFailsAt {
      let evidence = SimulatedHost.evidence(of: stage, run.parameters)
      return ended(1, stage, evidence, version: installed)
    }
    let isPinned = !["present", "latest"].contains(wanted)
    if isPinned, wanted != repositoryVersion, [.installPacman, .installAPK].contains(script) {
      return ended(
        1, "version", "the repositories hold \(repositoryVersion) of tailscale, not \(wanted)",
        version: installed)
    }
    run.seconds = 20
    let version = isPinned ? wanted : repositoryVersion
    if client == nil {
      // Only the vendor's package for apt enables and starts its unit, where systemd runs.
      client = SimulatedClient(
        version: version, isRunning: initSystem == .systemd && script == .installApt,
        machineKey: "mkey:" + run.random.hex(64))
    } else {
      client?.version = version
      connect(&run)
    }
    ended(0, "", "Setting up tailscale (\(version)) ...", version: version)
  }

  private static func evidence(of stage: String, _ parameters: [String: String]) -> String {
    let base =
      parameters["REPOSITORY"]
      ?? "\(parameters["MIRROR"] ?? "")/\(parameters["REPO_OS"] ?? "")"
    return switch stage {
    case "download":
      "curl: (22) The requested URL returned error: 404\n"
        + "could not fetch \(base)/bookworm.noarmor.gpg"
    case "key": "\(base)/bookworm.noarmor.gpg is not an OpenPGP key"
    case "update": "E: The repository '\(base) bookworm InRelease' is not signed."
    case "version": "E: Version '9.9.9' for 'tailscale' was not found"
    case "checksum": "tailscale_9.9.9_amd64.tgz has the SHA-256 0000, expected 1111"
    default: "E: Unable to locate package tailscale"
    }
  }

  /// The `configure-host` script.
  mutating func configureHost(_ run: inout ScriptRun) {
    guard run.isRoot else {
      run.answer("stage", 1, "forwarding")
      run.answer("evidence", 0, "Permission denied")
      answerSettings(&run)
      return
    }
    let families = (run.parameters["FORWARD"] ?? "").split(separator: " ").map(String.init)
    forwarding = Set(forwarding + families).sorted()
    if run.parameters["LOGS"] == "off" { clientLogsOff = true }
    run.answer("stage", 0, "")
    run.answer("evidence", 0, "")
    answerSettings(&run)
  }

  /// The sections `forwarding` and `client-logs`.
  func answerSettings(_ run: inout ScriptRun) {
    run.answer("forwarding", 0, forwarding.joined(separator: "\n"))
    run.answer("client-logs", 0, clientLogsOff ? "off" : "on")
  }
}
