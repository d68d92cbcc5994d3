package import MeshCore

/// Headscale 0.28.0.
package struct Rules028: ModeRules {
  package let version = "0.28.0"
  package let commit = "97fa117c48a58bee3941e5e8b4393873501afe14"
  package let buildTime = "2026-02-04T20:26:22Z"
  package let goVersion = "go1.25.5"
  package let sendsSecurityHeaders = false
  package let unsetExpiry: Timestamp? = .goZero
  package let supportsDisableExpiry = false
  package let supportsPolicyCheck = false
  package let keepsCreatorOfTaggedNodes = true
  package let userDeletionDropsAllKeys = true
  package let createUserPrefix = "failed to create user: creating user: "
  package let tagSpaceMessage = "tag should not contains space"
  package let unknownKeyMessage = "handling register with auth key: auth-key not found"
  package let badRegistrationIDMessage = "registration ID must be 24 characters long"

  package init() {}

  package func names(
    fromReported hostname: String, nodeKey: String, random: inout SeededGenerator
  ) -> ClientNames {
    let lower = hostname.lowercased()
    if hostname.isEmpty {
      let name = "node-" + (nodeKey.split(separator: ":").last ?? "").prefix(8)
      return ClientNames(hostname: name, givenName: name)
    }
    guard problem(with: lower) == nil else {
      let name = "invalid-" + random.lowerAlphanumeric(8)
      return ClientNames(hostname: name, givenName: name)
    }
    return ClientNames(hostname: lower, givenName: lower)
  }

  package func unique(
    _ name: String, taken: Set<String>, random: inout SeededGenerator
  ) -> String {
    var candidate = name
    while taken.contains(candidate) {
      candidate = name.prefix(63 - 9) + "-" + random.lowerAlphanumeric(8)
    }
    return candidate
  }

  package func isDerived(_ givenName: String, fromHostname hostname: String) -> Bool {
    givenName == hostname.lowercased()
  }

  package func acceptsUpdate(toHostname hostname: String) -> Bool {
    problem(with: hostname.lowercased()) == nil
  }

  package func renameProblem(_ name: String) -> String? { problem(with: name) }

  private func problem(with name: String) -> String? {
    let quoted = "hostname \"\(name)\""
    if name.count < 2 { return "\(quoted) is too short, must be at least 2 characters" }
    if name.utf8.count > 63 { return "\(quoted) is too long, must not exceed 63 characters" }
    if name.lowercased() != name {
      return "\(quoted) must be lowercase (try \"\(name.lowercased())\")"
    }
    for (mark, word) in [("-", "hyphen"), (".", "dot")]
    where name.hasPrefix(mark) || name.hasSuffix(mark) {
      return "\(quoted) cannot start or end with a \(word)"
    }
    guard name.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-.".contains($0) }) else {
      return "\(quoted) contains invalid characters, only lowercase letters, numbers, hyphens and "
        + "dots are allowed"
    }
    return nil
  }

  /// Matches by machine key and the key's own user, and by nothing else: user-less keys always make a
  /// new node.
  package func registrationTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget {
    guard let user = key.userID, let node = nodes.first(where: { $0.userID == user }) else {
      return .newNode
    }
    return .update(id: node.id)
  }
}
