import MeshCore
import YAMLReader

/// Values that most target tests start from.
enum HostFixture {
  static func host(_ key: String = "web1") -> Host {
    Host(key: key, mark: SourceMark(line: 1, column: 1))
  }

  static func host(
    _ key: String = "web1", _ change: (inout Host) throws -> Void
  ) rethrows -> Host {
    var host = host(key)
    try change(&host)
    return host
  }

  static func url(_ text: String) throws -> ServerURL {
    guard let url = ServerURL(text) else { throw BadFixture(text: text) }
    return url
  }

  static func report(_ sections: [String: (Int, String)], isComplete: Bool = true) -> ScriptReport {
    ScriptReport(
      sections: sections.mapValues { ScriptReport.Section(status: $0.0, text: $0.1) },
      isComplete: isComplete)
  }

  static func answer(_ sections: [String: (Int, String)]) -> RemoteAnswer {
    RemoteAnswer(exitStatus: 0, report: report(sections))
  }

  struct BadFixture: Error { var text: String }
}
