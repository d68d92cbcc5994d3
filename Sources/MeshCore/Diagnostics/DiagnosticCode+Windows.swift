/// Findings that only Windows hosts give.
extension DiagnosticCode {
  /// Another user's session holds the client.
  package static let clientOtherUser = DiagnosticCode(rawValue: "MESH-CLIENT-OTHER-USER")
  /// The client runs unattended for another user, who alone may change it.
  package static let clientServerMode = DiagnosticCode(rawValue: "MESH-CLIENT-SERVER-MODE")
}
