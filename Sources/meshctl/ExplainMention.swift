import MeshAdapters
import MeshCore

extension Console {
  /// Says once, at the end, where more about the first error is to be had.
  func mentionExplain(_ diagnostics: [Diagnostic]) {
    // A line of JSON has the code.
    guard logFormat == .text else { return }
    guard let error = diagnostics.first(where: { $0.severity == .error }) else { return }
    // A saved plan may bring a code that this version does not have.
    guard let cause = Cause.of(error.code) else { return }
    log("More about it: meshctl explain \(cause.code.rawValue)")
  }
}

extension Plan {
  /// Those of its hosts, then its own.
  var findings: [Diagnostic] { hosts.flatMap(\.diagnostics) + diagnostics }
}
