import MeshAdapters
import MeshCore
import MeshEngine

/// The steps of an apply under `--log-format json`: one object a line on standard error.
struct StepLog: ApplySink {
  let console: Console

  func emit(_ event: Event) async {
    func log(_ level: LogLine.Level, _ message: String, _ more: (inout LogLine) -> Void) {
      // The real time, since a simulated clock runs by itself.
      var line = LogLine(level, message, at: SystemClock().now(), run: console.run)
      line.host = event.host
      line.round = event.round
      more(&line)
      console.log(line)
    }
    func log(_ level: LogLine.Level, _ step: StepKind, _ result: String, _ message: String) {
      log(level, message.isEmpty ? "\(step.rawValue) \(result)" : message) {
        $0.step = step.rawValue
        $0.result = result
      }
    }
    switch event.kind {
    case .stepStart(let step): log(.info, step, "start", "")
    case .stepOK(let step, let detail): log(.info, step, "ok", detail)
    case .stepSkipped(let step, let reason): log(.info, step, "skipped", reason)
    case .stepFailed(let step, let diagnostic):
      var line = LogLine(diagnostic, at: SystemClock().now(), run: console.run)
      line.host = line.host ?? event.host
      line.round = event.round
      line.step = step.rawValue
      line.result = "failed"
      console.log(line)
    case .waits(let diagnostic):
      var line = LogLine(diagnostic, at: SystemClock().now(), run: console.run)
      line.host = line.host ?? event.host
      console.log(line)
    case .round(let number) where number > 1: log(.info, "round \(number)") { $0.round = number }
    case .hostDone(let outcome):
      log(outcome.result.isTrouble ? .error : .info, "\(outcome.result.rawValue)") {
        $0.code = outcome.diagnostics.first { $0.severity == .error }?.code.rawValue
      }
    case .round, .version, .plan, .sideEffect: break
    }
  }

  func end(_ summary: RunSummary?, exit: ExitStatus, diagnostics: [Diagnostic]) async {}
}
