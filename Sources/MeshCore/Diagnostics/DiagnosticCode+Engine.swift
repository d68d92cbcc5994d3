/// Findings of the engine while it acts.
extension DiagnosticCode {
  /// The server lists no node with the key that the host reports after its join.
  package static let joinNotSeen = DiagnosticCode(rawValue: "MESH-JOIN-NOT-SEEN")
  /// The node is listed but never came online.
  package static let joinNotOnline = DiagnosticCode(rawValue: "MESH-JOIN-NOT-ONLINE")
  /// The last look at the server still shows what was to be changed.
  package static let notVerified = DiagnosticCode(rawValue: "MESH-VERIFY-DIFFERS")
  /// A host that was to join turned out to be on the mesh already.
  package static let joinedAlready = DiagnosticCode(rawValue: "MESH-JOIN-ALREADY")
  /// An error that no port should throw.
  package static let unexpected = DiagnosticCode(rawValue: "MESH-APPLY-UNEXPECTED")
  /// A host that was worked on needs more than what was shown.
  package static let notShown = DiagnosticCode(rawValue: "MESH-APPLY-NOT-SHOWN")
  /// Something could not be tidied up after a failure.
  package static let cleanUpFailed = DiagnosticCode(rawValue: "MESH-CLEANUP-FAILED")
  /// The list is empty while hosts report to be joined to this server.
  package static let emptyList = DiagnosticCode(rawValue: "MESH-APPLY-EMPTY-LIST")
  /// A deletion by age waits for its second look.
  package static let secondLook = DiagnosticCode(rawValue: "MESH-APPLY-SECOND-LOOK")
  /// A node that was to be deleted is still there.
  package static let notDeleted = DiagnosticCode(rawValue: "MESH-APPLY-NOT-DELETED")
  /// A host keeps a route until the host that is to serve it does.
  package static let routesKept = DiagnosticCode(rawValue: "MESH-APPLY-ROUTES-KEPT")
  /// A host that keeps failing is not tried in this run.
  package static let backedOff = DiagnosticCode(rawValue: "MESH-APPLY-BACKED-OFF")
  /// A host that waits for a person is not looked at in this run.
  package static let waitsStill = DiagnosticCode(rawValue: "MESH-APPLY-WAITS-STILL")
  /// What was shown no longer holds.
  package static let planMoved = DiagnosticCode(rawValue: "MESH-APPLY-MOVED")
}
