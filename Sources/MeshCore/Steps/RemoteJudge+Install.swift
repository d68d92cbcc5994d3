/// What the installing scripts and `configure-host` answer: a stage that failed, or none.
extension RemoteJudge {
  /// Stages of all installing scripts (docs/scripts.md).
  private static let installStages: [String: (DiagnosticCode, String)] = [
    "download": (.installDownload, "what the installation needs could not be downloaded"),
    "key": (.installKey, "the repository's key or list could not be put in place"),
    "update": (.installUpdate, "the list of packages could not be read"),
    "install": (.installPackage, "the client could not be installed"),
    "version": (.installVersion, "that version of the client cannot be had"),
    "checksum": (.installChecksum, "the downloaded client is not what it shall be"),
    "unpack": (.installPlace, "the downloaded client could not be unpacked"),
    "place": (.installPlace, "the client could not be put in place"),
    "unit": (.installPlace, "the client's service could not be put in place"),
    "restart": (.clientStart, "the new client does not run"),
    "busy": (.installBusy, "another installation runs there"),
  ]

  static func install(
    _ answer: RemoteAnswer, _ host: Host
  ) -> Result<RemoteVerdict, Failure> {
    guard answer.report.isComplete, answer.report.status("stage") == 0 else {
      let stage = answer.report.text("stage") ?? ""
      let (code, message) =
        installStages[stage] ?? (.installPackage, "the installation did not finish")
      var failure = cutOrFailed(answer, host, code, message, "evidence")
      failure.diagnostic.hint = hint(code, host) ?? failure.diagnostic.hint
      return .failure(failure)
    }
    let version = answer.report.text("version") ?? ""
    return .success(
      RemoteVerdict(detail: "tailscale \(version)", client: ClientFacts(version: version)))
  }

  /// The next command where it is another than looking again.
  private static func hint(_ code: DiagnosticCode, _ host: Host) -> String? {
    switch code {
    case .installDownload, .installUpdate:
      host.os == .linux && host.tailscale.source != .static
        ? "meshctl apply --limit \(host.key), or without the repository: tailscale: {source: static}"
        : nil
    case .installVersion:
      "set tailscale: {version: present} for \(host.key), or tailscale.source: static"
    case .installChecksum: "check tailscale.sha256 and tailscale.mirror of \(host.key)"
    case .installBusy: "meshctl apply --limit \(host.key)"
    default: nil
    }
  }

  static func configure(
    _ answer: RemoteAnswer, _ host: Host
  ) -> Result<RemoteVerdict, Failure> {
    guard answer.report.isComplete, answer.report.status("stage") == 0 else {
      switch answer.report.text("stage") ?? "" {
      case "forwarding":
        var failure = cutOrFailed(
          answer, host, .hostForwarding, "IP forwarding could not be turned on", "evidence")
        failure.diagnostic.detail =
          "Without it nobody reaches anything through the routes of \(host.key)."
        failure.diagnostic.hint =
          "in a container, set it from outside: --sysctl net.ipv4.ip_forward=1"
        return .failure(failure)
      case "restart":
        return .failure(
          cutOrFailed(
            answer, host, .clientStart, "the client does not run with its logs off", "evidence"))
      default:
        return .failure(
          cutOrFailed(
            answer, host, .hostClientLogs, "the client's logs could not be turned off", "evidence"))
      }
    }
    var verdict = RemoteVerdict()
    verdict.settings = HostSettings(answer.report)
    if let settings = verdict.settings {
      let families = settings.forwarding.map(\.name).sorted().joined(separator: ", ")
      verdict.detail =
        (families.isEmpty ? "" : "forwards \(families)")
        + (settings.clientLogsOff ? (families.isEmpty ? "" : ", ") + "client logs off" : "")
    }
    return .success(verdict)
  }
}
