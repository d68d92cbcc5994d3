/// What can go wrong while an inventory is written from what there is.
extension DiagnosticCode {
  /// Nothing says what hosts join.
  package static let importServerURL = DiagnosticCode(rawValue: "MESH-IMPORT-SERVER-URL")
  /// A file that is to be written is there already.
  package static let importFileExists = DiagnosticCode(rawValue: "MESH-IMPORT-FILE-EXISTS")
  /// The file that `init` is to write is there already.
  package static let initFileExists = DiagnosticCode(rawValue: "MESH-INIT-FILE-EXISTS")
  /// A file is not the output of `ansible-inventory --list`.
  package static let importAnsible = DiagnosticCode(rawValue: "MESH-IMPORT-ANSIBLE")
  /// Something of Ansible could not be taken over.
  package static let importAnsibleVariables = DiagnosticCode(
    rawValue: "MESH-IMPORT-ANSIBLE-VARIABLES")
  /// A plan of the written inventory would not be empty.
  package static let importNotEmpty = DiagnosticCode(rawValue: "MESH-IMPORT-PLAN-NOT-EMPTY")
  /// The written inventory cannot be read back; a defect of meshctl.
  package static let importUnreadable = DiagnosticCode(rawValue: "MESH-IMPORT-UNREADABLE")
}
