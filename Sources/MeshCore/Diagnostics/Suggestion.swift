/// Finds what a person probably meant to write.
package enum Suggestion {
  /// The candidate that is nearest to a mistyped word; nil where none is near enough to be meant.
  ///
  /// Case does not count, two swapped letters count once, and a third of the word may differ. Among
  /// equally near candidates the first wins.
  package static func nearest(
    to word: String, in candidates: some Sequence<String>
  ) -> String? {
    let wanted = Array(word.lowercased().utf8)
    // Nobody mistypes a name of hundreds of letters, and comparing two such is slow.
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    var bound = max(1, (wanted.count + 1) / 3)
    var best: String?
    for candidate in candidates {
      let other = Array(candidate.lowercased().utf8)
      guard abs(other.count - wanted.count) <= bound, other.count <= 80,
        let distance = distance(wanted, other, bound: bound)
      else { continue }
      if distance == 0 { return candidate }
      // Two short words that share nothing are not a slip of the finger.
      guard distance < max(wanted.count, other.count) else { continue }
      best = candidate
      bound = distance - 1
    }
    return best
  }

  /// The nearest candidates, the nearest first: at most `count`, and none that differs by more than two
  /// letters more than the best one does.
  package static func nearest(
    _ count: Int, to word: String, in candidates: [String]
  ) -> [String] {
    var found: [(word: String, distance: Int)] = []
    let wanted = Array(word.lowercased().utf8)
    guard !wanted.isEmpty, wanted.count <= 64 else { return [] }
    let bound = max(1, (wanted.count + 1) / 3)
    for candidate in candidates {
      let other = Array(candidate.lowercased().utf8)
      guard abs(other.count - wanted.count) <= bound, other.count <= 80,
        let distance = distance(wanted, other, bound: bound),
        distance < max(wanted.count, other.count)
      else { continue }
      found.append((candidate, distance))
    }
    guard let best = found.map(\.distance).min() else { return [] }
    let near = found.enumerated().filter { $0.element.distance <= best + 2 }.sorted {
      ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
    }
    return near.prefix(count).map(\.element.word)
  }

  /// Names in words: `` `a` ``, `` `a` or `b` ``, `` `a`, `b` or `c` ``.
  package static func alternatives(_ names: [String]) -> String {
    let quoted = names.map { "`\($0)`" }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " or " + last
  }

  /// The edit distance with swaps (optimal string alignment); nil where it is above the bound.
  private static func distance(_ left: [UInt8], _ right: [UInt8], bound: Int) -> Int? {
    if left == right { return 0 }
    var beforeLast: [Int] = []
    var last = Array(0...right.count)
    for row in 1...max(1, left.count) where row <= left.count {
      var current = [row] + [Int](repeating: 0, count: right.count)
      var smallest = row
      for column in 1...max(1, right.count) where column <= right.count {
        let same = left[row - 1] == right[column - 1]
        var cost = min(
          last[column] + 1, current[column - 1] + 1, last[column - 1] + (same ? 0 : 1))
        if row > 1, column > 1, left[row - 1] == right[column - 2],
          left[row - 2] == right[column - 1]
        {
          cost = min(cost, beforeLast[column - 2] + 1)
        }
        current[column] = cost
        smallest = min(smallest, cost)
      }
      // No way leads back below the bound, unless the next row swaps with the one before.
      if smallest > bound + 1 { return nil }
      beforeLast = last
      last = current
    }
    return last[right.count] <= bound ? last[right.count] : nil
  }
}

extension Suggestion {
  /// Names in words: `` `a` and `b` ``, at most three of them and how many more there are.
  package static func listed(_ names: [String]) -> String {
    let quoted = names.map { "`\($0)`" }
    if quoted.count > 3 {
      return quoted.prefix(3).joined(separator: ", ") + " and \(quoted.count - 3) more"
    }
    guard let last = quoted.last, quoted.count > 1 else { return quoted.first ?? "" }
    return quoted.dropLast().joined(separator: ", ") + " and " + last
  }
}
