/// One public SSH key, as a line of authorized_keys that `--undo` finds again.
package struct PublicKeyLine: Sendable, Equatable {
  /// The last word of the lines that are ours.
  package static let marker = "meshctl-prepare"

  /// The type, such as `ssh-ed25519`.
  package var type: String
  /// Base64.
  package var blob: String
  package var comment: String

  /// The line to append.
  package var text: String {
    ([type, blob] + (comment.isEmpty ? [] : [comment]) + [PublicKeyLine.marker])
      .joined(separator: " ")
  }

  /// Reads what `ssh-keygen` writes into a `.pub` file.
  ///
  /// - Parameters:
  ///   - text: of the file.
  ///   - name: of the file, for messages.
  /// - Throws: `Failure` (`MESH-PREPARE-KEY`) for a private key, for several lines, and for what is no
  ///   public key.
  package init(parsing text: String, named name: String) throws(Failure) {
    func unfit(_ why: String, _ hint: String) -> Failure {
      Failure(.prepareKey, "\(name) is no public SSH key: \(why)", hint: hint)
    }
    if text.contains("PRIVATE KEY-----") {
      throw unfit("it is a private key, which never leaves this machine", "give \(name).pub")
    }
    let lines = text.split(whereSeparator: \.isNewline).filter { line in
      line.contains { !$0.isWhitespace } && line.first != "#"
    }
    guard lines.count == 1, let line = lines.first else {
      throw unfit("it has \(lines.count) lines", "give the .pub file of one key")
    }
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard words.count >= 2, PublicKeyLine.isType(words[0]), PublicKeyLine.isBlob(words[1]) else {
      throw unfit("it does not begin with a key type and base64", "ssh-keygen -t ed25519")
    }
    type = words[0]
    blob = words[1]
    // A comment is for people; what could act on a terminal has no place in it.
    comment = words.dropFirst(2).filter { $0 != PublicKeyLine.marker }.map { word in
      String(
        String.UnicodeScalarView(
          word.unicodeScalars.filter { $0.value > 0x20 && $0.value < 0x7F }))
    }.joined(separator: " ")
  }

  private static func isType(_ word: String) -> Bool {
    (word.hasPrefix("ssh-") || word.hasPrefix("ecdsa-") || word.hasPrefix("sk-"))
      && word.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("0"..."9").contains($0) || "-@.".unicodeScalars.contains($0)
      }
  }

  /// Every key blob begins with the length of its type's name, so with `AAAA`.
  private static func isBlob(_ word: String) -> Bool {
    word.hasPrefix("AAAA") && word.utf8.count >= 40
      && word.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
          || "+/=".unicodeScalars.contains($0)
      }
  }
}
