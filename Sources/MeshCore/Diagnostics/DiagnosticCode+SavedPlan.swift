/// Findings about saved plans.
extension DiagnosticCode {
  /// A file that is no plan, or a damaged one.
  package static let planFile = DiagnosticCode(rawValue: "MESH-PLAN-FILE")
  /// A plan of a format that this version does not read.
  package static let planFormat = DiagnosticCode(rawValue: "MESH-PLAN-FORMAT")
  /// `--out` names a file that is something else than a plan.
  package static let planOut = DiagnosticCode(rawValue: "MESH-PLAN-OUT")
  /// The inventory is not the one that a saved plan was made from.
  package static let planInventory = DiagnosticCode(rawValue: "MESH-PLAN-INVENTORY")
  /// A plan of a simulation for the real mesh, or the other way round.
  package static let planSimulated = DiagnosticCode(rawValue: "MESH-PLAN-SIMULATED")
}
