/// The text that lets the login user become root without a password: a sudoers drop-in, or lines of
/// doas.conf (reference tailscale-client.md §5.1).
///
/// It says what it is: whoever may run a shell, a package manager or `tailscale` as root is root, so a
/// rule with fewer commands or a wildcard would only pretend.
package struct RootRule: Sendable, Equatable {
  package enum Kind: Sendable { case sudoers, doas }

  package var kind: Kind
  /// Where it goes.
  package var place: String
  /// The whole file, or the lines that are added; without a final line feed.
  package var text: String

  package static let sudoersPlace = "/etc/sudoers.d/meshctl"
  package static let sudoersMarker =
    "# Written by meshctl prepare, removed by meshctl prepare --undo; do not edit."
  package static let doasPlace = "/etc/doas.conf"
  package static let doasMarker =
    "# meshctl prepare: begin (removed by meshctl prepare --undo; do not edit)"
  package static let doasLast = "# meshctl prepare: end"

  /// The rule for one login user; nil for a name that sudoers or doas.conf could take for more.
  ///
  /// `liftsTerminal`: sudo insists on a terminal there (`requiretty`), which no run without a person
  /// has.
  package init?(_ kind: Kind, login: String, liftsTerminal: Bool = false) {
    guard RootRule.isPlain(login) else { return nil }
    self.kind = kind
    switch kind {
    case .sudoers:
      place = RootRule.sudoersPlace
      text = """
        \(RootRule.sudoersMarker)
        # \(login) becomes root without a password: whoever can log in as \(login) is root here.
        \(login) ALL=(root) NOPASSWD: ALL
        """
      if liftsTerminal { text += "\nDefaults:\(login) !requiretty" }
    case .doas:
      place = RootRule.doasPlace
      text = """
        \(RootRule.doasMarker)
        # \(login) becomes root without a password: whoever can log in as \(login) is root here.
        permit nopass \(login) as root
        \(RootRule.doasLast)
        """
    }
  }

  /// True for names that neither file has to quote.
  ///
  /// Letters, digits, `_`, `-` and `.`, not beginning with `-` or `.`; `ALL` is a word of sudoers.
  package static func isPlain(_ login: String) -> Bool {
    guard let first = login.unicodeScalars.first, login != "ALL", login.utf8.count <= 64 else {
      return false
    }
    func isWord(_ scalar: Unicode.Scalar) -> Bool {
      ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
        || scalar == "_"
    }
    return isWord(first)
      && login.unicodeScalars.allSatisfy { isWord($0) || $0 == "-" || $0 == "." }
  }
}
