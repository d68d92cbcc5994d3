import Foundation
import Testing

/// One line of `apply --format json`, as far as the tests look at it.
struct ApplyEvent: Decodable, Sendable {
  struct Finding: Decodable, Sendable {
    var code: String
    var severity: String
    var message: String
    var detail: String?
    var evidence: String?
    var hint: String?
    var host: String?
  }

  struct Outcome: Decodable, Sendable {
    var host: String
    var result: String
    var stepsDone: [String]
    var diagnostics: [Finding]
  }

  struct Plan: Decodable, Sendable {
    var formatVersion: String
  }

  var type: String
  var time: String
  var host: String?
  var step: String?
  var round: Int?
  var result: String?
  var diagnostic: Finding?
  var plan: Plan?
  var hosts: [Outcome]?
  var diagnostics: [Finding]?
  var exitCode: Int32?

  /// Every line has to be an event, and the last one the summary with the exit code.
  static func all(_ ending: Ending) throws -> [ApplyEvent] {
    let lines = ending.output.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.last == "", "the last line has no end")
    let events = try lines.dropLast().map { line in
      do {
        return try JSONDecoder().decode(ApplyEvent.self, from: Data(line.utf8))
      } catch {
        Issue.record("no event: \(line): \(error)")
        throw error
      }
    }
    #expect(events.first?.type == "version")
    let last = try #require(events.last)
    #expect(last.type == "summary" && last.exitCode == ending.exit, "\(ending.all)")
    #expect(events.count { $0.type == "summary" } == 1)
    return events
  }
}

extension [ApplyEvent] {
  /// What a host came to, from the summary.
  func outcome(_ host: String) throws -> ApplyEvent.Outcome {
    try #require(last?.hosts?.first { $0.host == host }, "no outcome for \(host)")
  }
}
