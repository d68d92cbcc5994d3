import YAMLReader

/// Everything that is known of a host without looking at it: what the inventory says, and what the
/// server shows that differs.
///
/// An attempt that failed in one situation is worth another at once when the situation is another one:
/// the file was edited, the node came online, somebody joined the host by hand.
package enum HostSituation {
  /// A digest that means nothing but "the same" and "another".
  ///
  /// Flags of a run are no part of it, nor what a guard holds back: two schedules of one mesh, one of
  /// them with `--prune`, say, are to mean the same attempts.
  ///
  /// - Parameters:
  ///   - host: as the inventory declares it; where it stands in the file does not matter.
  ///   - plan: its part of a plan that was made without facts.
  /// - Returns: sixteen hex digits.
  package static func digest(_ host: Host, _ plan: HostPlan) -> String {
    var host = host
    host.mark = SourceMark(line: 1, column: 1)
    let changes = plan.changes.map { change in
      "\(change.attribute) \(change.old.map { "\($0)" } ?? "") \(change.new.map { "\($0)" } ?? "")"
    }
    let codes = plan.diagnostics.map(\.code).filter { $0 != .guardDeletes }.map(\.rawValue)
    let parts =
      [
        "\(host)", plan.identity.map { "\($0)" } ?? "", plan.node?.id ?? "",
        plan.node?.nodeKey ?? "",
      ]
      + changes + codes
    // Two situations taken for one cost a late attempt and nothing else.
    return hex(FNV1a.hash(parts.joined(separator: "\u{1F}")))
  }

  private static func hex(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
