/// What can be wrong with `--limit` and `--exclude`.
extension DiagnosticCode {
  /// A name that is neither a host nor a group.
  package static let selUnknown = DiagnosticCode(rawValue: "MESH-SEL-UNKNOWN")
  /// An empty pattern, or one that cannot stand where it does.
  package static let selPattern = DiagnosticCode(rawValue: "MESH-SEL-PATTERN")
  /// No host is left.
  package static let selEmpty = DiagnosticCode(rawValue: "MESH-SEL-EMPTY")
}
