import Foundation
import MeshCore
import Testing

/// The recorded answers of real Headscale servers, by version.
enum HeadscaleFixtures {
  static let versions = ["0.26.1", "0.28.0", "0.29.2"]

  /// One recorded exchange, as INDEX.txt lists it.
  struct Exchange: CustomTestStringConvertible {
    var version: String
    var name: String
    var method: String
    var path: String
    var status: Int

    var testDescription: String { "\(version) \(name)" }

    func body() throws -> Data { try HeadscaleFixtures.body(version, name) }
  }

  static func body(_ version: String, _ name: String) throws -> Data {
    let folder = Bundle.module.resourceURL?.appending(path: "Fixtures/headscale/\(version)")
    return try Data(contentsOf: try #require(folder).appending(path: "\(name).json"))
  }

  static func text(_ version: String, _ name: String) throws -> String {
    String(decoding: try body(version, name), as: UTF8.self)
  }

  static let exchanges: [Exchange] = versions.flatMap { version -> [Exchange] in
    guard
      let index = Bundle.module.url(
        forResource: "INDEX", withExtension: "txt", subdirectory: "Fixtures/headscale/\(version)"),
      let text = try? String(contentsOf: index, encoding: .utf8)
    else { return [] }
    return text.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ").map(String.init)
      guard words.count == 4, let status = Int(words[3]) else { return nil }
      return Exchange(
        version: version, name: words[0], method: words[1], path: words[2], status: status)
    }
  }
}
