/// What a server makes of the names of nodes (reference headscale-api.md §5.1).
package protocol NodeNaming: Sendable {
  /// Host name and unadorned given name from what a client reports.
  ///
  /// - Throws: Where this version refuses such a client.
  func names(
    fromReported hostname: String, nodeKey: String, random: inout SeededGenerator
  ) throws(RegistrationRefusal) -> ClientNames
  /// Makes a given name unique.
  func unique(_ name: String, taken: Set<String>, random: inout SeededGenerator) -> String
  /// True when the given name was derived from that host name and so follows the next one.
  func isDerived(_ givenName: String, fromHostname hostname: String) -> Bool
  /// Host names that a client may not change to are ignored.
  func acceptsUpdate(toHostname hostname: String) -> Bool
  /// What is wrong with a name to rename to, as the text after `renaming node: `.
  func renameProblem(_ name: String) -> String?
}

/// What the server makes of the host name a client reports.
package struct ClientNames: Sendable, Equatable {
  package var hostname: String
  package var givenName: String
}

/// The suffix of taken names up to 0.28.
private func withRandomSuffix(
  _ name: String, taken: Set<String>, random: inout SeededGenerator
) -> String {
  var candidate = name
  while taken.contains(candidate) {
    candidate = name.prefix(63 - 9) + "-" + random.lowerAlphanumeric(8)
  }
  return candidate
}

/// Names up to 0.26: characters that do not belong into a DNS name are left out.
struct StrippedNames: NodeNaming {
  func names(
    fromReported hostname: String, nodeKey: String, random: inout SeededGenerator
  ) throws(RegistrationRefusal) -> ClientNames {
    let given = stripped(hostname)
    guard given.utf8.count <= 63 else {
      throw RegistrationRefusal(
        "handling register with auth key: registering node: failed to ensure unique given name: "
          + "hostname too long, cannot except more than 63 characters")
    }
    return ClientNames(hostname: hostname, givenName: given)
  }

  private func stripped(_ hostname: String) -> String {
    hostname.lowercased().filter { "abcdefghijklmnopqrstuvwxyz0123456789-.".contains($0) }
  }

  func unique(_ name: String, taken: Set<String>, random: inout SeededGenerator) -> String {
    withRandomSuffix(name, taken: taken, random: &random)
  }

  func isDerived(_ givenName: String, fromHostname hostname: String) -> Bool {
    givenName == stripped(hostname)
  }

  func acceptsUpdate(toHostname hostname: String) -> Bool { stripped(hostname).utf8.count <= 63 }

  func renameProblem(_ name: String) -> String? {
    let rule = "doesn't comply with this rule: invalid user name"
    if name.utf8.count < 2 { return "name must be at least 2 characters long" }
    if name.utf8.count > 63 { return "DNS segment must not be over 63 chars. \(name) \(rule)" }
    if name.lowercased() != name { return "DNS segment should be lowercase. \(name) \(rule)" }
    guard stripped(name) == name else {
      return "DNS segment should only be composed of lowercase ASCII letters numbers, hyphen and "
        + "dots. \(name) doesn't comply with these rules: invalid user name"
    }
    return nil
  }
}

/// Names of 0.27 and 0.28: what is no DNS name becomes `invalid-` and eight characters.
struct ValidatedNames: NodeNaming {
  func names(
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

  func unique(_ name: String, taken: Set<String>, random: inout SeededGenerator) -> String {
    withRandomSuffix(name, taken: taken, random: &random)
  }

  func isDerived(_ givenName: String, fromHostname hostname: String) -> Bool {
    givenName == hostname.lowercased()
  }

  func acceptsUpdate(toHostname hostname: String) -> Bool {
    problem(with: hostname.lowercased()) == nil
  }

  func renameProblem(_ name: String) -> String? { problem(with: name) }

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
}

/// Names from 0.29 on: Tailscale's own rules.
struct SanitizedNames: NodeNaming {
  func names(
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

  func unique(_ name: String, taken: Set<String>, random: inout SeededGenerator) -> String {
    guard taken.contains(name) else { return name }
    var number = 1
    while taken.contains("\(name)-\(number)") { number += 1 }
    return "\(name)-\(number)"
  }

  func isDerived(_ givenName: String, fromHostname hostname: String) -> Bool {
    let base = label(from: hostname)
    if givenName == base { return true }
    guard givenName.hasPrefix(base + "-") else { return false }
    let number = givenName.dropFirst(base.count + 1)
    return !number.isEmpty && number.allSatisfy { $0.isASCII && $0.isNumber }
  }

  func acceptsUpdate(toHostname hostname: String) -> Bool { true }

  func renameProblem(_ name: String) -> String? {
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
}
