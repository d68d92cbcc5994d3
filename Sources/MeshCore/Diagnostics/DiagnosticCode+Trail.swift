/// Findings about the trail that a run leaves.
extension DiagnosticCode {
  /// A change cannot be written into the journal.
  package static let journalUnwritable = DiagnosticCode(rawValue: "MESH-JOURNAL-UNWRITABLE")
  /// The journal cannot be read.
  package static let journalUnreadable = DiagnosticCode(rawValue: "MESH-JOURNAL-UNREADABLE")
  /// Lines of the journal's files are no entries.
  package static let journalForeign = DiagnosticCode(rawValue: "MESH-JOURNAL-FOREIGN")
  /// The file of --metrics-file cannot be written.
  package static let metricsUnwritable = DiagnosticCode(rawValue: "MESH-METRICS-UNWRITABLE")
  /// The command of --notify failed.
  package static let notifyFailed = DiagnosticCode(rawValue: "MESH-NOTIFY-FAILED")
  /// What was told last cannot be remembered.
  package static let notifyMemory = DiagnosticCode(rawValue: "MESH-NOTIFY-MEMORY")
}
