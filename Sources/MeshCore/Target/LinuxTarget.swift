/// Linux: what its probe's answer means.
package enum LinuxTarget {
  package static let profile = TargetProfile(os: .linux, displayName: "Linux", missing: nil)

  /// Facts from a probe's answer, or why there are none.
  package static func facts(in answer: RemoteAnswer, of host: Host) -> ProbeResult {
    let report = answer.report
    if let difference = systemDifference(answer, host) { return .failed(difference) }
    guard report.isComplete else { return .failed(cutShort(answer, host)) }

    var facts = HostFacts(os: .linux, elevation: .unavailable)
    let release = OSRelease(parsing: report.text("os-release") ?? "")
    if report.status("os-release") == 0 {
      facts.distribution = release.id
      facts.distributionLike = release.like
      facts.distributionVersion = release["VERSION_ID"]
      facts.distributionCodename =
        ["UBUNTU_CODENAME", "DEBIAN_CODENAME", "VERSION_CODENAME"]
        .lazy.map { release[$0] }.first { !$0.isEmpty } ?? ""
    }
    facts.architecture = line(report, "machine")
    facts.user = line(report, "user")
    facts.hostname = line(report, "hostname")
    (facts.elevation, facts.elevationEvidence) = elevation(report)
    facts.initSystem = line(report, "init")
    facts.packageManagers = lines(report, "managers")
    facts.service = service(line(report, "service"))
    facts.hasTUN = line(report, "tun") == "yes"
    facts.isWSL = line(report, "wsl") == "yes"
    facts.tools = lines(report, "tools")
    facts.client = client(in: report)
    let package = line(report, "client-package")
    facts.clientPackage = package.isEmpty ? nil : package
    facts.settings = HostSettings(report)
    facts.isImage = line(report, "image") == "yes"
    facts.sshPeer = line(report, "ssh").split(separator: " ").first.map(String.init)
    return .facts(facts)
  }

  /// The client's part of a report: the sections `status` and `prefs`, and `client-version` where
  /// the script prints one.
  ///
  /// - Parameters:
  ///   - report: a complete report of `probe`, `join` or `set-preferences`.
  ///   - version: the version known from an earlier probe.
  /// - Returns: nil where no client is installed.
  package static func client(in report: ScriptReport, version: String = "") -> ClientFacts? {
    let said = report.text("client-version")
    if report.status("client-version") == 127 || report.status("status") == 127 { return nil }
    guard said != nil || report.sections["status"] != nil || report.sections["state"] != nil else {
      return nil
    }
    var client = ClientFacts(version: said.flatMap(ClientVersionParser.parse) ?? version)
    let section = report.sections["status"] ?? report.sections["state"]
    if let status = section.flatMap({ ClientStatusParser.parse($0.text) }) {
      client.backendState = status.backendState
      client.daemonVersion = status.version
      client.usesTUN = status.hasTUN
      client.haveNodeKey = status.haveNodeKey
      client.nodeKey = status.nodeKey
      client.selfOnline = status.selfOnline
      client.keyExpired = status.keyExpired
      client.addresses = status.addresses
      client.health = status.health
    } else if let text = section?.text {
      client.statusError = TextEvidence.lastLine(of: text) ?? "no answer"
    }
    if report.status("prefs") == 0 {
      client.preferences = report.text("prefs").flatMap(PrefsParser.parse)
    }
    return client
  }

  static func line(_ report: ScriptReport, _ name: String) -> String {
    guard report.status(name) == 0 else { return "" }
    return lines(report, name).first ?? ""
  }

  static func lines(_ report: ScriptReport, _ name: String) -> [String] {
    (report.text(name) ?? "").split(separator: "\n").map(String.init)
  }

  static func service(_ text: String) -> HostFacts.Service {
    switch text {
    case "running": .running
    case "stopped": .stopped
    case "no-init": .noInit
    default: .missing
    }
  }

  /// sudo's words decide where it is there and refuses; doas only counts where it works, or where it is
  /// all there is.
  static func elevation(_ report: ScriptReport) -> (HostFacts.Elevation, String?) {
    if line(report, "uid") == "0" { return (.root, nil) }
    if report.status("sudo") == 0 { return (.sudo, nil) }
    if report.status("doas") == 0 { return (.doas, nil) }
    if report.status("sudo") != 127 {
      let text = report.text("sudo") ?? ""
      let verdict = SudoClassifier.verdict(of: text)
      let evidence = SudoClassifier.evidence(in: text) ?? TextEvidence.lastLine(of: text)
      switch verdict {
      case .passwordNeeded: return (.sudoPassword, evidence)
      case .terminalNeeded: return (.terminal, evidence)
      case .noNewPrivileges: return (.noNewPrivileges, evidence)
      default: return (.refused, evidence)
      }
    }
    if report.status("doas") != 127 {
      let text = report.text("doas") ?? ""
      let isPassword = SudoClassifier.verdict(of: text) == .doasPassword
      return (isPassword ? .doasPassword : .refused, TextEvidence.lastLine(of: text))
    }
    return (.unavailable, nil)
  }
}

/// What else than the inventory's system may answer.
extension LinuxTarget {
  static func systemDifference(_ answer: RemoteAnswer, _ host: Host) -> Diagnostic? {
    if let name = answer.report.text("uname"), answer.report.status("uname") == 0 {
      let systems: [String: OperatingSystem] = ["Linux": .linux, "Darwin": .macos]
      if let system = systems[name] {
        guard system != host.os else { return nil }
        return differs(
          host, TargetProfile.of(system).displayName, key: system.rawValue,
          evidence: "uname: \(name)")
      }
      if ["MINGW", "MSYS", "CYGWIN", "Windows"].contains(where: name.hasPrefix) {
        return differs(host, "Windows", key: "windows", evidence: "uname: \(name)")
      }
      return Diagnostic(
        .targetUnsupported, .error, "\(host.key) runs \(name), which is not supported",
        detail: "meshctl changes Linux, macOS and Windows hosts; nothing was done there.",
        evidence: "uname: \(name)",
        hint: "take \(host.key) out of the inventory, or pin it with machine_key", host: host.key)
    }
    // cmd.exe and PowerShell do not know `exec`; both name it in their complaint.
    let windows = [
      "is not recognized as an internal or external command", "is not recognized as the name of",
      "CommandNotFoundException", "The token '&&'", "Microsoft Windows",
    ]
    guard let needle = windows.first(where: answer.errorText.contains) else { return nil }
    return differs(
      host, "Windows", key: "windows",
      evidence: TextEvidence.line(containing: needle, in: answer.errorText))
  }

  private static func differs(
    _ host: Host, _ name: String, key: String, evidence: String?
  ) -> Diagnostic {
    Diagnostic(
      .targetOSDiffers, .error, "\(host.key) runs \(name), the inventory says \(host.os.rawValue)",
      detail: "The steps of another system would do harm or nothing, so none was tried.",
      evidence: evidence, hint: "set os: \(key) for \(host.key)", host: host.key)
  }

  static func cutShort(_ answer: RemoteAnswer, _ host: Host) -> Diagnostic {
    if answer.report.sections.isEmpty {
      // A forced command or a login shell may want sudo before any of our script runs.
      if let refusal = SudoClassifier.diagnostic(of: answer.errorText, on: host) { return refusal }
      return Diagnostic(
        .sshNoShell, .error, "the login on \(host.key) gave no POSIX shell",
        detail: "The probe is a shell script, and not a single line of its answer came back.",
        evidence: TextEvidence.lastLine(of: answer.errorText),
        hint:
          "ssh \(host.ssh.user.map { $0 + "@" } ?? "")\(host.address) 'exec /bin/sh -s' </dev/null;"
          + " where it runs Windows, set os: windows",
        host: host.key)
    }
    return Diagnostic(
      .sshLost, .error, "the probe's answer from \(host.key) was cut short",
      detail: "The connection broke, or the host stopped the script.",
      evidence: TextEvidence.lastLine(of: answer.errorText),
      hint: "meshctl plan --probe --limit \(host.key)", host: host.key)
  }
}
