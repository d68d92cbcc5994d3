package import MeshCore
import Testing

/// What a fake does with a call that the test did not expect: it fails the test and names the call.
package enum Unimplemented {
  /// Records a test issue.
  package static func call(_ name: String) -> Failure {
    Issue.record("unexpected call: \(name)")
    return Failure(DiagnosticCode(rawValue: "MESH-TEST-UNIMPLEMENTED"), "unexpected call: \(name)")
  }
}
