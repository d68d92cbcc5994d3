/// Findings about reading secrets.
extension DiagnosticCode {
  /// The environment variable is not set.
  package static let secretEnvironment = DiagnosticCode(rawValue: "MESH-SECRET-ENV")
  /// The file cannot be read, is no regular file, or is too large.
  package static let secretFile = DiagnosticCode(rawValue: "MESH-SECRET-FILE")
  /// Others may read the file.
  package static let secretPermissions = DiagnosticCode(rawValue: "MESH-SECRET-PERMISSIONS")
  /// The command failed, or did not end in time.
  package static let secretCommand = DiagnosticCode(rawValue: "MESH-SECRET-COMMAND")
  /// The source gives an empty value.
  package static let secretEmpty = DiagnosticCode(rawValue: "MESH-SECRET-EMPTY")
  /// The value has several lines, or bytes that are no text.
  package static let secretForm = DiagnosticCode(rawValue: "MESH-SECRET-FORM")
}
