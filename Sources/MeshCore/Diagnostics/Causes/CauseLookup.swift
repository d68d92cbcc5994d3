/// What a person meant by `meshctl explain WORD`.
package enum CauseLookup: Sendable, Equatable {
  case found(Cause)
  /// Codes that begin so: `MESH-SERVER`, or `MESH-` for all of them.
  case several([Cause])
  /// No code; the nearest ones, the likeliest first.
  case unknown(nearest: [String])

  /// Case does not count, and `MESH-` may be left out.
  package init(_ word: String) {
    let wanted = CauseLookup.canonical(word)
    let exact = Cause.all.first { $0.code.rawValue == wanted }
    let begun = Cause.all.filter { $0.code.rawValue.hasPrefix(wanted) }
    if let found = exact ?? (begun.count == 1 ? begun.first : nil) {
      self = .found(found)
    } else if !begun.isEmpty {
      self = .several(begun)
    } else {
      let near = Suggestion.nearest(3, to: wanted, in: CauseLookup.words)
      self = .unknown(nearest: near.isEmpty ? CauseLookup.sharing(wanted) : near)
    }
  }

  /// Every code, and how the codes of one area begin (`MESH-SERVER`).
  private static let words: [String] = {
    let codes = Cause.all.map(\.code.rawValue)
    let areas = codes.map { $0.split(separator: "-").prefix(2).joined(separator: "-") }
    let shared = Dictionary(grouping: areas, by: \.self).filter { $0.value.count > 1 }
    return codes + shared.keys.sorted()
  }()

  /// Codes that hold a whole word of it, those that hold most of them first: `sudo-password`.
  private static func sharing(_ wanted: String) -> [String] {
    let words = Set(wanted.split(separator: "-").filter { $0.utf8.count > 3 && $0 != "MESH" })
    guard !words.isEmpty else { return [] }
    let counted = Cause.all.map(\.code.rawValue).map { code in
      (code, words.intersection(code.split(separator: "-")).count)
    }
    let most = counted.map(\.1).max() ?? 0
    return most == 0 ? [] : Array(counted.filter { $0.1 == most }.map(\.0).prefix(3))
  }

  private static func canonical(_ word: String) -> String {
    let upper = word.uppercased()
    return upper.hasPrefix("MESH-") || upper == "MESH" ? upper : "MESH-" + upper
  }
}
