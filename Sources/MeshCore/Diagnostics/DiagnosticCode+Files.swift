/// Findings about local files, locks and output.
extension DiagnosticCode {
  /// A file cannot be opened or read.
  package static let fileUnreadable = DiagnosticCode(rawValue: "MESH-FILE-UNREADABLE")
  /// A directory or device where a file is needed.
  package static let fileNotRegular = DiagnosticCode(rawValue: "MESH-FILE-NOT-REGULAR")
  /// A file is larger than what it may be.
  package static let fileTooLarge = DiagnosticCode(rawValue: "MESH-FILE-TOO-LARGE")
  /// A file cannot be written.
  package static let fileUnwritable = DiagnosticCode(rawValue: "MESH-FILE-UNWRITABLE")
  /// A folder or file that has to be this user's alone is somebody else's, or others may write there.
  package static let fileForeign = DiagnosticCode(rawValue: "MESH-FILE-FOREIGN")
  /// Others may change the inventory.
  package static let fileOthersWrite = DiagnosticCode(rawValue: "MESH-FILE-OTHERS-WRITE")
  /// Standard output cannot be written.
  package static let outputFailed = DiagnosticCode(rawValue: "MESH-OUTPUT-FAILED")
  /// Another run holds the lock.
  package static let lockHeld = DiagnosticCode(rawValue: "MESH-LOCK-HELD")
  /// The lock file cannot be used.
  package static let lockUnusable = DiagnosticCode(rawValue: "MESH-LOCK-UNUSABLE")
  /// A prompt would be needed, and standard input is no terminal.
  package static let noTerminal = DiagnosticCode(rawValue: "MESH-NO-TERMINAL")
  /// The person said no.
  package static let declined = DiagnosticCode(rawValue: "MESH-DECLINED")
}
