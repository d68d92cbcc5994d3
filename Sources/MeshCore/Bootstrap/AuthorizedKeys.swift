/// Public SSH keys as the lines of an authorized_keys file.
///
/// Options in front of a key (`from="10.0.0.0/24",restrict ssh-ed25519 …`) are kept as they stand; two
/// lines with the same key are one. A private key is refused, whatever else stands beside it.
package struct AuthorizedKeys: Sendable, Equatable {
  package struct Key: Sendable, Equatable {
    /// The whole line.
    package var line: String
    /// `ssh-ed25519`, say.
    package var type: String
    /// The key itself, base64; what makes two lines the same.
    package var blob: String
    package var comment: String

    /// True where options stand in front of the type.
    package var hasOptions: Bool { line.prefix { $0 != " " && $0 != "\t" } != type }
  }

  package private(set) var keys: [Key] = []

  /// Bytes that a file of keys may have.
  package static let limit = 256 << 10

  package init() {}

  /// Reads the text of an authorized_keys or a `.pub` file.
  ///
  /// - Parameters:
  ///   - text: lines; empty ones and those that begin with `#` say nothing.
  ///   - source: what it was read from, for messages.
  /// - Throws: `Failure` (`MESH-BOOTSTRAP-PRIVATE-KEY`, `MESH-BOOTSTRAP-KEY-FORM`).
  package init(parsing text: String, source: String) throws(Failure) {
    try AuthorizedKeys.refusePrivateKey(text, source)
    // Windows' editors begin a file with a byte order mark.
    let scalars = text.unicodeScalars
    let text = scalars.first == "\u{FEFF}" ? String(scalars.dropFirst()) : text
    for (index, raw) in AuthorizedKeys.lines(text).enumerated() {
      let line = AuthorizedKeys.trimmed(raw)
      guard !line.isEmpty, line.first != "#" else { continue }
      guard let key = Key(parsing: line) else {
        throw Failure(
          .bootstrapKeyForm, "line \(index + 1) of \(source) is no public key",
          detail: "Each line is a key as it stands in a .pub file: its type, base64, a comment."
            + (line.contains("-cert-v01@") ? " A certificate is not; its authority's key is." : ""),
          // Not quoted: whoever names the file may have named one that holds something else.
          hint: "ssh-keygen -y -f KEY prints the public half")
      }
      add(key)
    }
  }

  /// Adds the keys that are not there yet, in order.
  package mutating func add(_ other: AuthorizedKeys) { other.keys.forEach { add($0) } }

  private mutating func add(_ key: Key) {
    if !keys.contains(where: { $0.blob == key.blob }) { keys.append(key) }
  }

  package var isEmpty: Bool { keys.isEmpty }

  /// Whole lines, each with its line feed.
  package var text: String { keys.map { $0.line + "\n" }.joined() }

  /// The text of a file that has all of its own lines and then those of these keys that it lacks.
  ///
  /// - Throws: `Failure` where the file holds a private key: then it is no authorized_keys file.
  package func merged(into existing: String, source: String) throws(Failure) -> String {
    try AuthorizedKeys.refusePrivateKey(existing, source)
    var present: Set<Substring> = []
    for line in AuthorizedKeys.lines(existing) where line.first != "#" {
      present.formUnion(line.split { $0 == " " || $0 == "\t" })
    }
    let missing = keys.filter { !present.contains(Substring($0.blob)) }
    guard !missing.isEmpty else { return existing }
    let isOpen = !existing.isEmpty && existing.unicodeScalars.last != "\n"
    return existing + (isOpen ? "\n" : "") + missing.map { $0.line + "\n" }.joined()
  }

  /// How many keys a file of keys has that are none of these.
  package func others(in existing: String) -> Int {
    let own = Set(keys.map(\.blob))
    let there = AuthorizedKeys.lines(existing).map(AuthorizedKeys.trimmed)
      .filter { $0.first != "#" }.compactMap { Key(parsing: $0)?.blob }
    return Set(there).subtracting(own).count
  }

  private static func refusePrivateKey(_ text: String, _ source: String) throws(Failure) {
    guard text.contains("PRIVATE KEY") else { return }
    throw Failure(
      .bootstrapPrivateKey, "\(source) holds a private key",
      detail: "A private key never leaves the machine it was made on; hosts get its public half.",
      hint: "name the .pub file beside it")
  }

  /// By scalars: to Swift CR LF is one Character.
  private static func lines(_ text: String) -> [Substring] {
    text.unicodeScalars.split(omittingEmptySubsequences: false) { $0 == "\n" }.map { line in
      Substring(line.last == "\r" ? line.dropLast() : line)
    }
  }

  private static func trimmed(_ line: Substring) -> Substring {
    var line = line
    while let first = line.first, first == " " || first == "\t" { line.removeFirst() }
    while let last = line.last, last == " " || last == "\t" { line.removeLast() }
    return line
  }
}

extension AuthorizedKeys.Key {
  /// Nil where the line is no key that sshd takes: control characters, an unknown form, DSA.
  ///
  /// What else cannot be seen (marks that turn the direction of reading, blanks without width) is left
  /// out of a comment, which is shown and carried on, and has no place before it.
  init?(parsing line: Substring) {
    guard line.utf8.count <= 32 << 10,
      !line.unicodeScalars.contains(where: {
        $0 != "\t" && $0.properties.generalCategory == .control
      })
    else { return nil }
    var words = AuthorizedKeys.Key.words(line)
    // A first word that is no type of key is options.
    if let first = words.first, !AuthorizedKeys.Key.isType(first) { words.removeFirst() }
    guard words.count >= 2, AuthorizedKeys.Key.isType(words[0]),
      PublicKeyText.isPlausible(type: words[0], base64: words[1])
    else { return nil }
    let comment = words.dropFirst(2).joined(separator: " ")
    var whole = line
    if let blob = words[1].indices.last { whole = line[...blob] }
    let isSeen = { (scalar: Unicode.Scalar) in scalar == "\t" || !VisibleText.isHidden(scalar) }
    guard whole.unicodeScalars.allSatisfy(isSeen) else { return nil }
    let shown = String(String.UnicodeScalarView(comment.unicodeScalars.filter(isSeen)))
    self.init(
      line: shown == comment ? String(line) : "\(whole) \(shown)",
      type: String(words[0]), blob: String(words[1]), comment: shown)
  }

  private static func isType(_ word: Substring) -> Bool {
    ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"].contains { word.hasPrefix($0) }
      && word != "ssh-dss" && !word.contains("-cert-v01@")
      // Types are written into lines that a shell reads.
      && word.utf8.allSatisfy { byte in
        (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || "-@.".utf8.contains(byte)
      }
  }

  /// The options (or the type) and the words behind them; blanks inside the quotes of options part
  /// nothing.
  private static func words(_ line: Substring) -> [Substring] {
    let scalars = line.unicodeScalars
    var isQuoted = false
    var previous: Unicode.Scalar = " "
    let end = scalars.firstIndex { scalar in
      if scalar == "\"", previous != "\\" { isQuoted.toggle() }
      previous = scalar
      return !isQuoted && (scalar == " " || scalar == "\t")
    }
    guard let end else { return [line] }
    return [line[..<end]] + line[end...].split { $0 == " " || $0 == "\t" }
  }
}
