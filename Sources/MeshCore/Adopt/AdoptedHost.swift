/// One entry of an inventory that is written from what there is.
///
/// Nil and empty mean that nothing is written: an attribute that is not written stays unmanaged.
struct AdoptedHost: Equatable {
  /// The key under `hosts:`.
  var key: String
  /// The node's name; written where it is not the key.
  var name: String
  /// Nil for a host that only Ansible knows.
  var node: MeshNode?
  var machineKey: String?
  var ownership: Ownership?
  var routes: [IPPrefix] = []
  var exitNode = false
  /// When its node was last seen, where it is offline now.
  var offline: Offline?
  var access = HostAccess()
  var isKnownToAnsible = false
  /// Names of the groups that Ansible has it in.
  var ansibleGroups: [String] = []
  /// What could not be taken over, and why; comments.
  var notes: [String] = []
  /// Why the entry is written as a comment; nil for an entry that counts.
  var leftOut: String?

  enum Offline: Equatable {
    case since(Timestamp)
    case never
  }

  init(key: String, name: String, node: MeshNode? = nil) {
    self.key = key
    self.name = name
    self.node = node
  }
}

/// How a host is reached, as far as somebody told; the server knows nothing of it.
struct HostAccess: Equatable {
  var os: OperatingSystem?
  var address: String?
  var port: Int?
  var connection: Host.Connection?
  var user: String?
  var identityFile: String?
  var becomeMethod: BecomeSettings.Method?
}

/// What the inventory language can say as one value.
enum Writable {
  /// True for what every reader of inventories takes as one word: not empty, no option, no blank, no
  /// hidden character.
  static func isWord(_ text: String) -> Bool {
    isLine(text) && !text.unicodeScalars.contains(where: \.properties.isWhitespace)
  }

  /// Like a word, but with blanks inside.
  static func isLine(_ text: String) -> Bool {
    guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
      first != "-", !first.properties.isWhitespace, !last.properties.isWhitespace
    else { return false }
    return !text.unicodeScalars.contains(where: VisibleText.isHidden)
  }

  static func isTag(_ text: String) -> Bool { isWord(text) && NameRules.tagProblem(text) == nil }

  static func isOwner(_ text: String) -> Bool {
    isWord(text) && NameRules.ownerProblem(text) == nil
  }

  static func isMachineKey(_ text: String) -> Bool {
    let digits = text.utf8.dropFirst(5)
    return text.hasPrefix("mkey:") && digits.count == 64
      && digits.allSatisfy(NameRules.isLowerHex) && digits.contains { $0 != UInt8(ascii: "0") }
  }
}
