/// What a person meant by `meshctl explain WORD`.
package enum CauseLookup: Sendable, Equatable {
  case found(Cause)
  /// Codes that begin so, `MESH-SERVER` for example.
  case several([Cause])
  case unknown(nearest: String?)

  /// Case does not count, and `MESH-` may be left out.
  package init(_ word: String) {
    let wanted = CauseLookup.canonical(word)
    let exact = Cause.all.first { $0.code.rawValue == wanted }
    let begun = Cause.all.filter { $0.code.rawValue.hasPrefix(wanted) }
    if let found = exact ?? (begun.count == 1 ? begun.first : nil) {
      self = .found(found)
    } else if !begun.isEmpty, wanted != "MESH-" {
      self = .several(begun)
    } else if wanted == "MESH-" {
      self = .unknown(nearest: nil)
    } else {
      self = .unknown(nearest: Suggestion.nearest(to: wanted, in: CauseLookup.words))
    }
  }

  /// Every code, and how the codes of one area begin (`MESH-SERVER`).
  private static let words: [String] = {
    let codes = Cause.all.map(\.code.rawValue)
    let areas = codes.map { $0.split(separator: "-").prefix(2).joined(separator: "-") }
    let shared = Dictionary(grouping: areas, by: \.self).filter { $0.value.count > 1 }
    return codes + shared.keys.sorted()
  }()

  private static func canonical(_ word: String) -> String {
    let upper = word.uppercased()
    return upper.hasPrefix("MESH-") || upper == "MESH" ? upper : "MESH-" + upper
  }
}
