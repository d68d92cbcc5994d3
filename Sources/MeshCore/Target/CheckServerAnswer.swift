/// What `check-server` said, section by section (docs/scripts.md); the same on every system.
package struct CheckServerAnswer: Sendable, Equatable {
  /// Where a host lives, as far as it can tell; NAT and bridges stop multicast.
  package enum Container: String, Sendable {
    case docker, podman, lxc, wsl, container, vm, none

    /// As a place in a sentence; nil on bare metal.
    var place: String? {
      switch self {
      case .docker: "a Docker container"
      case .podman: "a Podman container"
      case .lxc: "an LXC container"
      case .wsl: "WSL2"
      case .container: "a container"
      case .vm: "a virtual machine"
      case .none: nil
      }
    }
  }

  package var verdict: CheckServerVerdict?
  package var evidence: String?
  package var tool: String
  /// What the name resolved to there; empty where it did not.
  package var address: String
  /// True where the system resolves the name in a way that the client does not use; nil where that
  /// cannot be told.
  package var resolvesByMulticastOnly: Bool?
  /// The URL by address that answers from there as a control server.
  package var candidate: ServerURL?
  /// What every candidate said, one line each.
  package var candidates: [String]
  /// Seconds that the server's clock is ahead of the host's.
  package var clockOffset: Int?
  /// `http_proxy=http://proxy:3128` where the login has one; its password never leaves the host.
  package var proxy: String
  /// The verdict through that proxy, where nothing else worked.
  package var proxied: CheckServerVerdict?
  package var container: Container

  package init(_ report: ScriptReport) {
    func text(_ name: String) -> String { report.text(name) ?? "" }
    verdict = CheckServerVerdict(report)
    evidence = report.text("evidence").flatMap(TextEvidence.firstLine)
    tool = text("tool")
    address = text("address")
    resolvesByMulticastOnly =
      switch text("mdns") {
      case "yes": true
      case "no": false
      default: nil
      }
    candidate = ServerURL(text("candidate"))
    candidates = text("candidates").split(separator: "\n").map(String.init)
    // A clock that is off by more than any date is no clock.
    clockOffset = Int(text("clock")).flatMap { $0.magnitude < 1 << 40 ? $0 : nil }
    proxy = text("proxy")
    proxied = CheckServerVerdict(rawValue: text("proxied"))
    container = Container(rawValue: text("container")) ?? .none
  }
}
