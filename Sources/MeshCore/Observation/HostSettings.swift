/// What the client needs of its host besides the programs, as a probe reads it and `configure-host`
/// changes it.
package struct HostSettings: Sendable, Equatable {
  package enum Family: String, Sendable, Hashable, CaseIterable {
    case ipv4 = "4"
    case ipv6 = "6"

    /// As people write it.
    package var name: String { self == .ipv4 ? "IPv4" : "IPv6" }
  }

  /// The address families whose packets the host forwards now.
  package var forwarding: Set<Family>
  /// True where the client sends no logs to its vendor.
  package var clientLogsOff: Bool

  package init(forwarding: Set<Family> = [], clientLogsOff: Bool = false) {
    self.forwarding = forwarding
    self.clientLogsOff = clientLogsOff
  }

  /// From the sections `forwarding` and `client-logs`; nil where a script has none.
  package init?(_ report: ScriptReport) {
    guard let forwarding = report.text("forwarding"), let logs = report.text("client-logs") else {
      return nil
    }
    self.init(
      forwarding: Set(
        forwarding.split(separator: "\n").compactMap { Family(rawValue: String($0)) }),
      clientLogsOff: logs == "off")
  }

  /// What these routes need; an exit node serves both families.
  package static func needed(routes: [IPPrefix], exitNode: Bool) -> Set<Family> {
    if exitNode { return Set(Family.allCases) }
    return Set(routes.map { $0.bytes.count == 4 ? .ipv4 : .ipv6 })
  }
}
