/// What only `doctor` finds; most of its findings have the codes of what they would break.
extension DiagnosticCode {
  /// The API key runs out soon (a warning).
  package static let doctorKeyEnds = DiagnosticCode(rawValue: "MESH-DOCTOR-KEY-ENDS")
  /// The clocks of this machine and the server differ.
  package static let doctorClock = DiagnosticCode(rawValue: "MESH-DOCTOR-CLOCK")
  /// The policy cannot be read, or lacks owners of tags that the inventory uses.
  package static let doctorPolicy = DiagnosticCode(rawValue: "MESH-DOCTOR-POLICY")
  /// A host does not reach what the client would be installed from.
  package static let doctorSource = DiagnosticCode(rawValue: "MESH-DOCTOR-SOURCE")
  /// A host that has joined is not on the mesh as it is to be.
  package static let doctorMesh = DiagnosticCode(rawValue: "MESH-DOCTOR-MESH")
}
