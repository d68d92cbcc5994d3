/// What only the simulation says.
extension DiagnosticCode {
  /// The file of `--world` is not a world this version reads.
  package static let worldFile = DiagnosticCode(rawValue: "MESH-SIM-WORLD-FILE")
  /// A fault that a test or a world file asked for.
  package static let simulatedFault = DiagnosticCode(rawValue: "MESH-SIM-FAULT")
}
