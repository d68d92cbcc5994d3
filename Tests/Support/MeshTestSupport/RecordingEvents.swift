import MeshCore
package import MeshEngine
import Synchronization

/// Keeps all events of a run.
package final class RecordingEvents: EventSink {
  private let list = Mutex<[Event]>([])

  package init() {}

  package func emit(_ event: Event) async { list.withLock { $0.append(event) } }

  package var all: [Event] { list.withLock { $0 } }

  /// One line an event of a host: `start join`, `ok join`, `failed join MESH-…`; time and words left
  /// out.
  package func lines(of host: String) -> [String] {
    all.filter { $0.host == host }.compactMap {
      // Keys have tests of their own.
      if case .sideEffect = $0.kind { return nil }
      return RecordingEvents.line($0.kind)
    }
  }

  package static func line(_ kind: Event.Kind) -> String {
    switch kind {
    case .version: "version"
    case .plan: "plan"
    case .round(let number): "round \(number)"
    case .stepStart(let step): "start \(step.rawValue)"
    case .stepOK(let step, _): "ok \(step.rawValue)"
    case .stepFailed(let step, let diagnostic):
      "failed \(step.rawValue) \(diagnostic.code.rawValue)"
    case .stepSkipped(let step, _): "skipped \(step.rawValue)"
    case .waits(let diagnostic): "waits \(diagnostic.code.rawValue)"
    case .hostDone(let outcome): "done \(outcome.result.rawValue)"
    case .sideEffect(let effect): "did \(effect)"
    }
  }

  /// Everything the events say, for searches after secrets.
  package var text: String { String(describing: all) }
}
