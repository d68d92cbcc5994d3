import ArgumentParser
import MeshAdapters
import MeshCore

/// What shells offer when Tab is pressed.
extension CompletionKind {
  static var inventory: CompletionKind { .file(extensions: ["yaml", "yml"]) }

  /// Hosts and groups of the inventory at hand.
  static var hosts: CompletionKind {
    .custom { words, index, prefix in HostCompletion.words(words, index: index, prefix: prefix) }
  }

  /// What `meshctl explain` takes.
  static var codes: CompletionKind { .custom { _, _, _ in Cause.all.map(\.code.rawValue) } }
}

/// Names for `--limit` and the like, read from the inventory that the command line names.
enum HostCompletion {
  /// What is offered for one word.
  ///
  /// - Parameters:
  ///   - words: The words typed so far, as they were typed.
  ///   - index: Which of them is completed.
  ///   - prefix: The part of it before the cursor.
  /// - Returns: Whole words; none where there is no valid inventory, since a shell has no place for
  ///   an error here.
  static func words(_ words: [String], index: Int, prefix: String) -> [String] {
    let path = inventory(words, but: index)
    // Never standard input or a pipe: nobody would end them.
    guard BoundedFile.isRegular(path), let file = try? InventoryFile.load(path),
      let inventory = file.inventory
    else { return [] }
    // Patterns may be a list; what stands before the last comma is kept.
    let kept = prefix.lastIndex(of: ",").map { prefix[...$0] } ?? ""
    let names = inventory.hosts.map(\.key) + inventory.groups
    return names.filter(isPlain).map { kept + $0 }
  }

  private static func inventory(_ words: [String], but index: Int) -> String {
    let named = words.enumerated().last { place, word in
      place != index && (word.hasSuffix(".yaml") || word.hasSuffix(".yml"))
    }
    return named?.element ?? InventoryOptions.standard
  }

  /// Whether a name means the same to every shell; `:` would begin a description in zsh.
  private static func isPlain(_ name: String) -> Bool {
    name.utf8.allSatisfy {
      switch $0 {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"):
        true
      default: "._-".utf8.contains($0)
      }
    }
  }
}
