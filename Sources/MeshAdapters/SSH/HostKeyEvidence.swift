import Crypto
import Foundation
package import MeshCore

/// Both sides of a host key that is not the known one, as fingerprints that people compare.
package struct HostKeyEvidence: Sendable, Equatable {
  /// The key that is pinned or in known_hosts.
  package var known: Key?
  /// The key that the host shows; nil where ssh does not say (a pinned key of another type).
  package var shown: Key?

  package struct Key: Sendable, Equatable {
    /// As `ssh-keygen -l` prints it.
    package var fingerprint: String
    /// `ED25519`.
    package var type: String
    /// Where it stands.
    package var place: String

    package init(fingerprint: String, type: String, place: String) {
      self.fingerprint = fingerprint
      self.type = type
      self.place = place
    }

    var words: String {
      let about = [type, place].filter { !$0.isEmpty }.joined(separator: ", ")
      return about.isEmpty ? fingerprint : "\(fingerprint) (\(about))"
    }
  }

  /// Reads ssh's words; nil where neither key is in them.
  ///
  /// - Parameters:
  ///   - text: what ssh wrote to standard error.
  ///   - host: whose key it is.
  ///   - read: reads a known_hosts file, of which ssh gave path and line.
  package init?(
    of text: String, host: MeshCore.Host, read: (String) -> String? = HostKeyEvidence.file
  ) {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    for (index, line) in lines.enumerated() {
      // The sentence, then the fingerprint alone on a line.
      guard line.hasPrefix("The fingerprint for the "), index + 1 < lines.count,
        let word = lines[index + 1].split(separator: " ").first, word.hasPrefix("SHA256:")
      else { continue }
      let type = line.split(separator: " ").dropFirst(4).first.map(String.init) ?? ""
      var fingerprint = String(word)
      if fingerprint.hasSuffix(".") { fingerprint.removeLast() }
      shown = Key(fingerprint: fingerprint, type: type, place: "")
    }
    if case .pinned(let key) = host.ssh.hostKey {
      known = HostKeyEvidence.key(key, place: "ssh.host_key")
    } else {
      known = lines.compactMap { HostKeyEvidence.offending($0, read) }.first
    }
    if known == nil, shown == nil { return nil }
  }

  package var text: String {
    "known: \(known?.words ?? "not readable"); shown: "
      + (shown?.words ?? "a key of another type")
  }

  /// The SHA-256 of a key's blob, as ssh writes it.
  package static func fingerprint(ofBase64 blob: String) -> String? {
    guard let bytes = Data(base64Encoded: blob), !bytes.isEmpty else { return nil }
    var digest = Data(SHA256.hash(data: bytes)).base64EncodedString()
    while digest.hasSuffix("=") { digest.removeLast() }
    return "SHA256:" + digest
  }

  /// A key `<type> <base64>`, or a line of known_hosts with more in front of it.
  private static func key(_ line: String, place: String) -> Key? {
    let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
    guard let index = words.firstIndex(where: { $0.hasPrefix("AAAA") }), index > 0,
      case let type = words[index - 1],
      ["ssh-", "ecdsa-", "sk-"].contains(where: type.hasPrefix),
      let fingerprint = fingerprint(ofBase64: words[index])
    else { return nil }
    let short =
      type.hasPrefix("ssh-") ? String(type.dropFirst(4)) : String(type.prefix { $0 != "-" })
    return Key(fingerprint: fingerprint, type: short.uppercased(), place: place)
  }

  /// The key of a line such as `Offending ED25519 key in /home/ops/.ssh/known_hosts:4`.
  private static func offending(_ line: String, _ read: (String) -> String?) -> Key? {
    guard line.hasPrefix("Offending "), let range = line.range(of: " key in ") else { return nil }
    let place = String(line[range.upperBound...])
    guard let colon = place.lastIndex(of: ":"),
      let number = Int(place[place.index(after: colon)...]), number > 0,
      let text = read(String(place[..<colon]))
    else { return nil }
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard number <= lines.count else { return nil }
    return key(String(lines[number - 1]), place: place)
  }

  /// A file of at most 4 MiB.
  package static func file(_ path: String) -> String? {
    guard let handle = FileHandle(forReadingAtPath: path) else { return nil }
    defer { try? handle.close() }
    return (try? handle.read(upToCount: 4 << 20)).map { String(decoding: $0, as: UTF8.self) }
  }
}
