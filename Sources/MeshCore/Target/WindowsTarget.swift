#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Windows: what its probe's answer means.
package enum WindowsTarget {
  package static let profile = TargetProfile(
    os: .windows, displayName: "Windows", language: .powerShell, missing: nil,
    facts: { facts(in: $0, of: $1) }, client: { client(in: $0, version: $1) })

  /// The status of a section whose client was not asked, because that could take it from its user.
  static let notAsked = 77

  /// Facts from a probe's answer, or why there are none.
  package static func facts(in answer: RemoteAnswer, of host: Host) -> ProbeResult {
    let report = answer.report
    guard report.isComplete else { return .failed(cutShort(answer, host)) }
    var facts = HostFacts(
      os: .windows, elevation: line(report, "uid") == "0" ? .root : .refused)
    facts.distribution = line(report, "product")
    facts.distributionVersion = line(report, "build")
    facts.architecture = line(report, "machine")
    facts.user = line(report, "user")
    facts.hostname = line(report, "hostname")
    facts.initSystem = "windows"
    facts.service = service(line(report, "service"))
    // The adapter comes with the client.
    facts.hasTUN = true
    facts.tools = lines(report, "tools")
    facts.client = client(in: report)
    facts.sshPeer = line(report, "ssh").split(separator: " ").first.map(String.init)
    facts.settings = HostSettings(report)
    facts.windows = windows(report)
    (facts.waiting, facts.waitingProblem) = handOver(in: report)
    if facts.elevation == .refused {
      facts.elevationEvidence = "\(facts.user) is not an administrator there"
    }
    return .facts(facts)
  }

  /// The client's part of a report; see `LinuxTarget.client`.
  ///
  /// A client that was not asked has no status. Where its own state file says that it is logged in
  /// nowhere, that is as good as `NeedsLogin`.
  package static func client(in report: ScriptReport, version: String = "") -> ClientFacts? {
    guard var client = LinuxTarget.client(in: report, version: version) else { return nil }
    let status = report.status("status") ?? report.status("state")
    if status == notAsked, report.text("logged-in") == "no",
      report.text("not-asked") != serviceDown
    {
      client.backendState = "NeedsLogin"
    }
    return client
  }

  static let serviceDown = "the Tailscale service does not run"

  private static func windows(_ report: ScriptReport) -> WindowsFacts {
    var windows = WindowsFacts()
    windows.product = line(report, "product")
    windows.build = line(report, "build")
    windows.userSID = line(report, "sid")
    windows.sshService = line(report, "sshd")
    windows.loggedOn = lines(report, "logged-on")
    windows.guiOwners = lines(report, "windows")
    windows.owner = lines(report, "owner").first
    windows.notAsked = lines(report, "not-asked").first
    for line in lines(report, "policy") {
      let words = line.split(separator: "=", maxSplits: 1).map(String.init)
      guard words.count == 2 else { continue }
      switch words[0] {
      case "LoginURL": windows.policyLoginURL = words[1]
      case "UnattendedMode": windows.policyUnattended = words[1]
      case "AlwaysOn.Enabled": windows.alwaysOn = words[1] == "1" || words[1] == "True"
      default: windows.policies[words[0]] = words[1]
      }
    }
    windows.otherVPNs = lines(report, "networks").compactMap { line in
      let words = line.split(separator: " ", maxSplits: 1).map(String.init)
      guard words.count == 2 else { return nil }
      return WindowsFacts.OtherVPN(name: words[1], cutsLAN: words[0] == "yes")
    }
    windows.hasWinget = !line(report, "winget").isEmpty
    windows.rebootPending = line(report, "reboot") == "yes"
    return windows
  }

  /// What waits there for a person, or why that is not known: a folder that others may write in is not
  /// believed, and a note can be damaged.
  private static func handOver(in report: ScriptReport) -> (WaitingJoin?, String?) {
    let text = report.text("waiting") ?? ""
    guard report.status("waiting") ?? 0 == 0 else {
      return (nil, text.isEmpty ? "the probe could not read it" : text)
    }
    let waiting = waiting(text)
    return (waiting, waiting == nil && !text.isEmpty ? "its note is no JSON: \(text)" : nil)
  }

  private static func waiting(_ text: String) -> WaitingJoin? {
    struct Note: Decodable {
      var keyId: String?
      var expires: String?
      var url: String?
      var line: String?
      var result: String?
    }
    guard !text.isEmpty, let note = try? JSONDecoder().decode(Note.self, from: Data(text.utf8))
    else { return nil }
    var waiting = WaitingJoin(
      keyID: note.keyId ?? "", expires: note.expires.flatMap { Timestamp(rfc3339: $0) },
      url: note.url ?? "")
    if let line = note.line, !line.isEmpty { waiting.line = line }
    if let result = note.result, !result.isEmpty { waiting.result = result }
    return waiting
  }

  private static func line(_ report: ScriptReport, _ name: String) -> String {
    lines(report, name).first ?? ""
  }

  private static func lines(_ report: ScriptReport, _ name: String) -> [String] {
    guard report.status(name) == 0 else { return [] }
    return (report.text(name) ?? "").split(separator: "\n").map(String.init)
  }

  private static func service(_ text: String) -> HostFacts.Service {
    switch text {
    case "running": .running
    case "stopped": .stopped
    default: .missing
    }
  }

  private static func cutShort(_ answer: RemoteAnswer, _ host: Host) -> Diagnostic {
    if let known = PowerShellClassifier.diagnostic(of: answer.errorText, on: host) { return known }
    if answer.report.sections.isEmpty {
      return Diagnostic(
        .sshNoPowerShell, .error, "the login on \(host.key) ran no PowerShell script",
        detail: "Not a single line of the probe's answer came back.",
        evidence: TextEvidence.lastLine(of: answer.errorText),
        hint: "ssh \(host.ssh.user.map { $0 + "@" } ?? "")\(host.address) powershell -Version;"
          + " where it runs Linux, set os: linux",
        host: host.key)
    }
    return Diagnostic(
      .sshLost, .error, "the probe's answer from \(host.key) was cut short",
      detail: "The connection broke, or the host stopped the script.",
      evidence: TextEvidence.lastLine(of: answer.errorText),
      hint: "meshctl plan --probe --limit \(host.key)", host: host.key)
  }
}
