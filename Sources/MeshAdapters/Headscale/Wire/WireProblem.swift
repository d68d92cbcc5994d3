#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An error body in either spelling: `{"code","message"}` up to 0.29, problem+json (RFC 9457) from
/// 0.30 on (reference headscale-api.md §4).
struct WireProblem: Decodable {
  struct Cause: Decodable {
    var message: String?
    var location: String?
  }

  var message: String?
  var title: String?
  var detail: String?
  var errors: [Cause]?

  /// The error in the server's own words; nil where the body is something else.
  ///
  /// Only statuses of Headscale's own making are looked at; the text is raw and may hold anything.
  static func words(in body: Data) -> String? {
    guard body.count <= 65_536, let problem = try? JSONDecoder().decode(Self.self, from: body)
    else {
      return nil
    }
    if let message = problem.message, !message.isEmpty { return message }
    let causes = (problem.errors ?? []).compactMap { cause -> String? in
      guard let message = cause.message else { return nil }
      return cause.location.map { "\($0): \(message)" } ?? message
    }
    let parts = ([problem.detail ?? problem.title].compactMap(\.self) + causes)
      .filter { !$0.isEmpty }
    return parts.isEmpty ? nil : parts.joined(separator: ": ")
  }
}
