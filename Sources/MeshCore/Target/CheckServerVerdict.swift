/// The stage at which a target's way to the control server ends.
package enum CheckServerVerdict: String, Sendable, CaseIterable {
  case ok, resolve, connect, tls, http, body
  case noTool = "no-tool"

  /// The verdict of a `check-server` report; nil where it was cut short or says something unknown.
  package init?(_ report: ScriptReport) {
    guard report.isComplete, let text = report.text("verdict") else { return nil }
    self.init(rawValue: text)
  }
}
