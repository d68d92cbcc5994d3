import MeshCore

/// Where this program came from, as `meshctl --version` says it.
///
/// The embedded `Provenance/provenance.txt` has a key and a value a line; its own comment says who
/// fills them in.
struct Provenance: Equatable {
  var commit: String?
  var date: String?
  var swift: String?
  var target: String?

  /// That of this program.
  static let own = Provenance(String(decoding: PackageResources.provenance_txt, as: UTF8.self))

  init(_ text: String) {
    var values: [Substring: String] = [:]
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let words = line.split(separator: " ", maxSplits: 1)
      // `$Format:…$` is what `git archive` would have replaced.
      guard words.count == 2, !words[1].hasPrefix("$") else { continue }
      values[words[0]] = String(words[1])
    }
    commit = values["commit"]
    date = values["date"]
    swift = values["swift"]
    target = values["target"]
  }

  /// One line: program and version, then the origin in parentheses.
  func line(version: String) -> String {
    let facts = [
      commit.map { "commit \($0.prefix(12))" } ?? "development build", date,
      swift.map { "Swift \($0)" }, target,
    ]
    return "meshctl \(version) (\(facts.compactMap(\.self).joined(separator: ", ")))"
  }
}
