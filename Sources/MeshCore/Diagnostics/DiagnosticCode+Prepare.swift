/// Findings of `meshctl prepare`.
extension DiagnosticCode {
  /// A host that cannot be prepared: it needs no root, or its system has no sudo.
  package static let prepareUnsupported = DiagnosticCode(rawValue: "MESH-PREPARE-UNSUPPORTED")
  /// What was given as a public key is none.
  package static let prepareKey = DiagnosticCode(rawValue: "MESH-PREPARE-KEY")
  /// The login user's name does not fit into a sudoers or doas rule.
  package static let prepareUser = DiagnosticCode(rawValue: "MESH-PREPARE-USER")
  /// visudo or doas refused the rule, or is missing; nothing was written.
  package static let prepareCheck = DiagnosticCode(rawValue: "MESH-PREPARE-CHECK")
  /// A file of that name is there that meshctl did not write for this user.
  package static let prepareForeign = DiagnosticCode(rawValue: "MESH-PREPARE-FOREIGN")
  /// A file could not be written.
  package static let prepareWrite = DiagnosticCode(rawValue: "MESH-PREPARE-WRITE")
  /// The client did not take its operator.
  package static let prepareOperator = DiagnosticCode(rawValue: "MESH-PREPARE-OPERATOR")
  /// The rule is in place, and root still asks; it was taken back.
  package static let prepareNotEffective = DiagnosticCode(rawValue: "MESH-PREPARE-NO-EFFECT")
  /// Something could not be taken back.
  package static let prepareUndo = DiagnosticCode(rawValue: "MESH-PREPARE-UNDO")
  /// The key is there, and a login with it still fails.
  package static let prepareKeyUnused = DiagnosticCode(rawValue: "MESH-PREPARE-KEY-UNUSED")
}
