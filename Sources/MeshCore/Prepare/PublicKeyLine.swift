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
  /// - Throws: `Failure` (`MESH-PREPARE-KEY`) for a private key, for several keys, for options in front of
  ///   one, and for what `AuthorizedKeys` takes for no public key.
  package init(parsing text: String, named name: String) throws(Failure) {
    func unfit(_ why: String, _ hint: String) -> Failure {
      Failure(.prepareKey, "\(name) is no public SSH key: \(why)", hint: hint)
    }
    let keys: AuthorizedKeys
    do { keys = try AuthorizedKeys(parsing: text, source: name) } catch {
      if error.diagnostic.code == .bootstrapPrivateKey {
        throw unfit("it is a private key, which never leaves this machine", "give \(name).pub")
      }
      throw unfit(error.diagnostic.message, "ssh-keygen -t ed25519")
    }
    guard keys.keys.count == 1, let key = keys.keys.first else {
      throw unfit("it has \(keys.keys.count) keys", "give the .pub file of one key")
    }
    guard !key.hasOptions else {
      throw unfit("options stand in front of the key", "give the .pub file as ssh-keygen wrote it")
    }
    type = key.type
    blob = key.blob
    // A comment is for people; what could act on a terminal has no place in it.
    comment = key.comment.split(separator: " ").filter { $0 != PublicKeyLine.marker }.map { word in
      String(
        String.UnicodeScalarView(
          word.unicodeScalars.filter { $0.value > 0x20 && $0.value < 0x7F }))
    }.joined(separator: " ")
  }
}
