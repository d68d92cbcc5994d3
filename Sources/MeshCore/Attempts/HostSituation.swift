import YAMLReader

/// Everything that is known of a host without looking at it: what the inventory says, and what the
/// server shows that differs.
///
/// An attempt that failed in one situation is worth another at once when the situation is another one:
/// the file was edited, the node came online, somebody joined the host by hand.
package enum HostSituation {
  /// A digest that means nothing but "the same" and "another".
  ///
  /// - Parameters:
  ///   - host: as the inventory declares it; where it stands in the file does not matter.
  ///   - plan: its part of a plan that was made without facts.
  ///   - flags: of the run; what they allow may let another attempt through.
  /// - Returns: sixteen hex digits.
  package static func digest(_ host: Host, _ plan: HostPlan, flags: PlanFlags) -> String {
    var host = host
    host.mark = SourceMark(line: 1, column: 1)
    var text = "\(host)\u{1F}\(plan.action)\u{1F}\(plan.identity.map { "\($0)" } ?? "")\u{1F}"
    text += "\(plan.node?.id ?? "") \(plan.node?.nodeKey ?? "")\u{1F}\(plan.changes)\u{1F}"
    text += plan.diagnostics.map(\.code.rawValue).joined(separator: " ")
    text += "\u{1F}\(flags.overrides) \(flags.askBecomePassword)"
    // Two situations taken for one cost a late attempt and nothing else.
    return hex(FNV1a.hash(text))
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
