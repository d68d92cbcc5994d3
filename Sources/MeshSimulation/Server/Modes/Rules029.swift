package import MeshCore

/// Headscale 0.29.2.
package struct Rules029: ModeRules {
  package let version = "0.29.2"
  package let commit = "8eea89488c642f3d5f617fab5493d5f51f6f4ad0"
  package let buildTime = "2026-07-01T14:47:39Z"
  package let goVersion = "go1.27.3"
  package let sendsSecurityHeaders = true
  package let unsetExpiry: Timestamp? = nil
  package let supportsDisableExpiry = true
  package let supportsPolicyCheck = true
  package let keepsCreatorOfTaggedNodes = false
  package let userDeletionDropsAllKeys = false
  package let createUserPrefix = "creating user: creating user: "
  package let tagSpaceMessage = "tags must not contain spaces"
  package let unknownKeyMessage = "invalid pre auth key"
  package let badRegistrationIDMessage =
    "auth ID has invalid prefix: expected prefix \"hskey-authreq-\""

  package init() {}

  package func names(
    fromReported hostname: String, nodeKey: String, random: inout SeededGenerator
  ) -> ClientNames {
    ClientNames(hostname: hostname, givenName: label(from: hostname))
  }

  /// Tailscale's `dnsname.SanitizeHostname`.
  private func label(from hostname: String) -> String {
    var name = Substring(hostname)
    for suffix in [".local", ".localdomain", ".lan"] where name.lowercased().hasSuffix(suffix) {
      name = name.dropLast(suffix.count)
    }
    while name.utf8.count > 63 { name = name.dropLast() }
    name = name.drop { !isAlphanumeric($0) }
    while let last = name.last, !isAlphanumeric(last) { name = name.dropLast() }
    var label = ""
    for character in name {
      if " .@_".contains(character) {
        label += "-"
      } else if character == "-" || isAlphanumeric(character) {
        label += character.lowercased()
      }
    }
    return label.isEmpty ? "node" : label
  }

  private func isAlphanumeric(_ character: Character) -> Bool {
    character.isASCII && (character.isLetter || character.isNumber)
  }

  package func unique(
    _ name: String, taken: Set<String>, random: inout SeededGenerator
  ) -> String {
    guard taken.contains(name) else { return name }
    var number = 1
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }

  package func isDerived(_ givenName: String, fromHostname hostname: String) -> Bool {
    let base = label(from: hostname)
    if givenName == base { return true }
    guard givenName.hasPrefix(base + "-") else { return false }
    let number = givenName.dropFirst(base.count + 1)
    return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
  }

  package func acceptsUpdate(toHostname hostname: String) -> Bool { true }

  package func renameProblem(_ name: String) -> String? {
    guard let reason = labelProblem(name) else { return nil }
    return "\"\(name)\" is not a valid DNS label: \(reason)"
  }

  /// Tailscale's `dnsname.ValidLabel`.
  private func labelProblem(_ name: String) -> String? {
    guard let first = name.first, let last = name.last else { return "empty DNS label" }
    let invalid = "\"\(name)\" is not a valid DNS label: "
    if name.utf8.count > 63 { return "\"\(name)\" is too long, max length is 63 bytes" }
    if !isAlphanumeric(first) { return invalid + "must start with a letter or number" }
    if !isAlphanumeric(last) { return invalid + "must end with a letter or number" }
    if let wrong = name.first(where: { $0 != "-" && !isAlphanumeric($0) }) {
      return invalid + "contains invalid character '\(wrong)'"
    }
    return nil
  }

  package func registrationTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget {
    let tagged = nodes.first { $0.isTagged }
    let owned = nodes.filter { !$0.isTagged }
    if key.tags.isEmpty {
      if let node = owned.first(where: { $0.userID == key.userID }) { return .update(id: node.id) }
      // A tagged node stays tagged whoever's key is used.
      return tagged.map { .update(id: $0.id) } ?? .newNode
    }
    // #3370: the old tags stay although the key is consumed.
    if let tagged { return .update(id: tagged.id) }
    if let user = key.userID {
      return owned.first { $0.userID == user }.map { .convert(id: $0.id) } ?? .newNode
    }
    guard owned.count < 2 else {
      throw RegistrationRefusal("machine key maps to ambiguous node ownership")
    }
    return owned.first.map { .convert(id: $0.id) } ?? .newNode
  }
}
