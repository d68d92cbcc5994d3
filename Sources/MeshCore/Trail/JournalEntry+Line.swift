#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Entries as lines of bounded length.
extension JournalEntry {
  /// Bytes of a line with its line feed; nothing longer is written or read.
  package static let longest = 64 << 10

  /// The entry as one line of JSON with a line feed; what is too long is cut and `cut` says so.
  package var line: String {
    // From the widest to what fits whatever it holds: 40 scalars are at most 480 bytes of JSON.
    for (scalars, items) in [(1000, 200), (200, 40), (40, 2)] {
      let text = StableJSON.encode(bounded(scalars: scalars, items: items), indented: false) + "\n"
      if text.utf8.count <= JournalEntry.longest { return text }
    }
    var bare = bounded(scalars: 40, items: 0)
    bare.changes = nil
    bare.cut = true
    return StableJSON.encode(bare, indented: false) + "\n"
  }

  /// The entry of a line without its line feed; nil for what is no entry of a version known here.
  package init?(line: [UInt8]) {
    guard line.count <= JournalEntry.longest, line.first == UInt8(ascii: "{"),
      let entry = try? JSONDecoder().decode(JournalEntry.self, from: Data(line)),
      entry.v == JournalEntry.version, Timestamp(rfc3339: entry.time) != nil
    else { return nil }
    self = entry
  }

  private func bounded(scalars: Int, items: Int) -> JournalEntry {
    var entry = self
    var bound = TextBound(scalars: scalars, items: items)
    bound.cut(&entry.who.user)
    bound.cut(&entry.who.host)
    bound.cut(&entry.who.sudoUser)
    bound.cut(&entry.mesh)
    bound.cut(&entry.shard)
    bound.cut(&entry.inventory)
    bound.cut(&entry.host)
    bound.cut(&entry.node)
    bound.cut(&entry.detail)
    bound.cut(&entry.code)
    bound.cut(&entry.message)
    bound.cut(&entry.key)
    entry.changes = entry.changes.map { changes in
      changes.map { change in
        var change = change
        change.old = change.old.map { $0.map { bound.cut($0) } }
        change.new = change.new.map { $0.map { bound.cut($0) } }
        return change
      }
    }
    if bound.hasCut { entry.cut = true }
    return entry
  }
}

/// Cuts texts and lists, and remembers whether it had to.
private struct TextBound {
  let scalars: Int
  let items: Int
  private(set) var hasCut = false

  init(scalars: Int, items: Int) {
    self.scalars = scalars
    self.items = items
  }

  mutating func cut(_ text: inout String) {
    // By scalars: one character may hold any number of them.
    guard text.utf8.count > scalars, text.unicodeScalars.count > scalars else { return }
    text = String(String.UnicodeScalarView(text.unicodeScalars.prefix(scalars - 1))) + "…"
    hasCut = true
  }

  mutating func cut(_ text: inout String?) {
    guard var some = text else { return }
    cut(&some)
    text = some
  }

  mutating func cut(_ value: PlanDocument.ValuePart) -> PlanDocument.ValuePart {
    switch value {
    case .flag: return value
    case .text(var text):
      cut(&text)
      return .text(text)
    case .list(let list):
      var kept: [String] = []
      for var text in list.prefix(items) {
        cut(&text)
        kept.append(text)
      }
      guard list.count > items else { return .list(kept) }
      hasCut = true
      return .list(kept + ["… and \(list.count - items) more"])
    }
  }
}
