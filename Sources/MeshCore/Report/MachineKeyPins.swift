/// The `machine_key` lines that pin hosts to the machines they are now, to paste into an inventory.
///
/// YAML with comments; only keys of the form that clients make are printed, because whatever stands
/// here is pasted.
package enum MachineKeyPins {
  package static func text(_ report: StatusReport) -> String {
    var lines: [String] = []
    var pinned = 0
    var asides: [String] = []
    var byName = false
    for row in report.rows {
      guard row.pin == nil else {
        pinned += 1
        continue
      }
      guard let node = row.node, let identity = row.identity else {
        asides.append("# \(row.host): not on the mesh, or not told which node it is")
        continue
      }
      guard isMachineKey(node.machineKey) else {
        asides.append("# \(row.host): node #\(node.id) has no machine key that can be pinned")
        continue
      }
      let isProven = identity != .name
      byName = byName || !isProven
      lines += [
        "  \(row.host):",
        "    machine_key: \(node.machineKey)  # node #\(node.id), "
          + (isProven ? "proven by the host itself" : "matched by name only"),
      ]
    }
    var text = ["# Paste each machine_key line below its host in \(report.plan.inventoryPath)."]
    if byName {
      text.append(
        "# Anybody on the mesh can take a name: check those matched by name only, or add --probe.")
    }
    if report.plan.simulated { text.append("# " + PlanWords.simulation) }
    text += lines.isEmpty ? ["# There is nothing to pin."] : ["hosts:"] + lines
    text += asides
    if pinned > 0 { text.append("# \(Count.of(pinned, "host")) pinned already") }
    return text.map { VisibleText.escaped($0) + "\n" }.joined()
  }

  /// `mkey:` and 64 hexadecimal digits (reference headscale-api.md §2).
  private static func isMachineKey(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst(5)
    return text.hasPrefix("mkey:") && digits.count == 64
      && digits.allSatisfy { (48...57).contains($0) || (97...102).contains($0) }
  }
}
