import Foundation
import MeshSimulation
import Testing

/// The REST calls that were recorded from a real server, with what it answered.
struct RecordedAnswers {
  struct Case {
    var name: String
    var method: String
    var target: String
    var status: Int
    var contentType: String?
    var isFromGRPC: Bool
    var body: String
  }

  var cases: [Case] = []

  // The folder is one of `Fixtures`.
  init(_ folder: String) throws {
    let index = try RecordedAnswers.text(folder, "INDEX.txt")
    for line in index.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 4, let status = Int(words[3]) else { continue }
      let headers = try RecordedAnswers.text(folder, words[0] + ".headers")
        .split(whereSeparator: \.isNewline)
      func header(_ name: String) -> String? {
        headers.first { $0.lowercased().hasPrefix(name + ": ") }
          .map { String($0.dropFirst(name.count + 2)) }
      }
      cases.append(
        Case(
          name: words[0], method: words[1], target: words[2], status: status,
          contentType: header("content-type"),
          isFromGRPC: header("grpc-metadata-content-type") != nil,
          body: try RecordedAnswers.text(folder, words[0] + ".json")))
    }
  }

  static func text(_ folder: String, _ name: String) throws -> String {
    let root = try #require(Bundle.module.resourceURL)
    let url = root.appendingPathComponent("Fixtures/\(folder)/\(name)")
    return String(decoding: try Data(contentsOf: url), as: UTF8.self)
  }
}

/// The keys and types of a JSON value, without its values.
indirect enum JSONShape: Equatable, CustomStringConvertible {
  case leaf(String)
  /// The shapes that occur in it, each once.
  case list([JSONShape])
  case object([String: JSONShape])

  init(_ value: JSONValue) {
    switch value {
    case .null: self = .leaf("null")
    case .bool: self = .leaf("bool")
    case .number: self = .leaf("number")
    case .string: self = .leaf("string")
    case .array(let values):
      var shapes: [JSONShape] = []
      for shape in values.map(JSONShape.init) where !shapes.contains(shape) { shapes.append(shape) }
      self = .list(shapes)
    case .object(let members):
      self = .object(
        Dictionary(members.map { ($0.name, JSONShape($0.value)) }) { first, _ in first })
    }
  }

  var description: String {
    switch self {
    case .leaf(let name): name
    case .list(let shapes): "[" + shapes.map(\.description).joined(separator: " | ") + "]"
    case .object(let members):
      "{"
        + members.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }
        .joined(separator: ", ") + "}"
    }
  }
}
