import YAMLReader

extension DecodingContext {
  mutating func readSSH(_ field: Field, into ssh: inout SSHSettings) {
    for field in fields(of: field.node, in: [.ssh], title: "`ssh`") ?? [] {
      switch field.key.name {
      case "user": ssh.user = user(field)
      case "identity_file": ssh.identityFile = filePath(field.key, field.node)
      case "jump": ssh.jump = jump(field)
      case "host_key": ssh.hostKey = hostKey(field)
      case "connect_timeout": ssh.connectTimeout = duration(field, atLeast: 1).map { Int($0) }
      default: unknownKey(field.pair, in: [.ssh])
      }
    }
  }

  mutating func readBecome(_ field: Field, into become: inout HostLayer.Become) {
    for field in fields(of: field.node, in: [.become], title: "`become`") ?? [] {
      switch field.key.name {
      case "method": become.method = choice(field, BecomeSettings.Method.self)
      case "password": become.password = secret(field)
      default: unknownKey(field.pair, in: [.become])
      }
    }
  }

  mutating func readTailscale(_ field: Field, into tailscale: inout HostLayer.Tailscale) {
    for field in fields(of: field.node, in: [.tailscale], title: "`tailscale`") ?? [] {
      switch field.key.name {
      case "version": tailscale.version = clientVersion(field)
      case "source": tailscale.source = choice(field, ClientInstallation.Source.self)
      case "mirror": tailscale.mirror = url(field)?.value.normalized
      case "sha256": tailscale.sha256 = checksum(field)
      default: unknownKey(field.pair, in: [.tailscale])
      }
    }
  }

  mutating func readBootstrap(_ field: Field, into bootstrap: inout BootstrapSettings) {
    for field in fields(of: field.node, in: [.bootstrap], title: "`bootstrap`") ?? [] {
      switch field.key.name {
      case "oem_dir": bootstrap.oemDir = filePath(field.key, field.node)
      case "authorized_keys": bootstrap.authorizedKeys = filePath(field.key, field.node)
      case "command": bootstrap.command = command(field)
      default: unknownKey(field.pair, in: [.bootstrap])
      }
    }
  }

  /// `accept-new`, or one public key as it stands in known_hosts after the host's name.
  private mutating func hostKey(_ field: Field) -> SSHSettings.HostKey? {
    guard let text = text(field.key, field.node) else { return nil }
    if text == "accept-new" { return .acceptNew }
    guard isSafe(text, field.key, field.node, blanksAllowed: true) else { return nil }
    let parts = text.split(separator: " ")
    if parts.count >= 2, PublicKeyText.isPlausible(type: parts[0], base64: parts[1]) {
      return .pinned("\(parts[0]) \(parts[1])")
    }
    var hint = "`ssh-keyscan HOST` prints the keys of a host; compare them with the host's own"
    if text.hasPrefix("SHA256:") || text.hasPrefix("MD5:") {
      hint = "that is a fingerprint, but the whole key is needed: " + hint
    } else if parts.count >= 3, PublicKeyText.isPlausible(type: parts[1], base64: parts[2]) {
      hint = "leave the host's name out: write `\(parts[1]) …`"
    } else if ["yes", "no", "ask", "off", "accept_new", "acceptnew"].contains(text.lowercased()) {
      hint = "write `accept-new` to learn unknown keys; checking is never switched off"
    }
    report(
      .invSSHKey, .error,
      "`host_key`: expected \(field.key.type.words), found \(field.node.inWords)",
      hint: hint, at: field.node)
    return nil
  }

  private mutating func clientVersion(_ field: Field) -> ClientInstallation.Version? {
    guard let scalar = field.node.scalar, !field.node.isNull else {
      wrongType(field.key, field.node)
      return nil
    }
    let text = scalar.text
    switch text {
    case "present": return .present
    case "latest": return .latest
    default: break
    }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    let isNumbers = parts.allSatisfy { part in
      (1...6).contains(part.utf8.count) && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    if isNumbers, parts.count == 3 { return .pinned(text) }
    var hint: String?
    if isNumbers, parts.count < 3 {
      hint = "write all three numbers, such as `\(text)\(parts.count == 2 ? ".2" : ".98.2")`"
    } else if text.hasPrefix("v"), parts.count == 3 {
      hint = "write `\(text.dropFirst())`"
    } else if let nearest = Suggestion.nearest(to: text, in: ["present", "latest"]) {
      hint = "did you mean `\(nearest)`?"
    }
    report(
      .invClientVersion, .error,
      "`version`: expected \(field.key.type.words), found \(field.node.inWords)", hint: hint,
      at: field.node)
    return nil
  }

  private mutating func checksum(_ field: Field) -> String? {
    guard let text = field.node.scalar?.text, !field.node.isNull else {
      wrongType(field.key, field.node)
      return nil
    }
    let lower = text.lowercased()
    guard lower.utf8.count == 64, lower.utf8.allSatisfy(NameRules.isLowerHex) else {
      report(
        .invChecksum, .error,
        "`sha256`: expected \(field.key.type.words), found \(field.node.inWords)",
        hint: lower.hasPrefix("sha256:") ? "leave `sha256:` out" : nil, at: field.node)
      return nil
    }
    return lower
  }
}

/// The text form of an SSH public key.
enum PublicKeyText {
  /// True when the base64 decodes to a key whose first field repeats the type, as every SSH public
  /// key does (RFC 4253 §6.6); the rest is OpenSSH's to judge.
  static func isPlausible(type: Substring, base64: Substring) -> Bool {
    let types = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]
    guard types.contains(where: { type.hasPrefix($0) }), let bytes = decoded(base64),
      bytes.count > 4 + type.utf8.count
    else { return false }
    let length = bytes[..<4].reduce(0) { $0 << 8 | Int($1) }
    return length == type.utf8.count && bytes[4..<(4 + length)].elementsEqual(type.utf8)
  }

  /// Standard base64 with correct padding; nil where it is not.
  private static func decoded(_ text: Substring) -> [UInt8]? {
    let characters = Array(text.utf8)
    guard characters.count % 4 == 0, !characters.isEmpty, characters.count <= 16_384 else {
      return nil
    }
    var bytes: [UInt8] = []
    var bits: UInt32 = 0
    var count = 0
    let padding = characters.reversed().prefix { $0 == UInt8(ascii: "=") }.count
    guard padding <= 2 else { return nil }
    for character in characters.dropLast(padding) {
      guard let value = sextet(character) else { return nil }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    return bytes
  }

  private static func sextet(_ character: UInt8) -> UInt32? {
    switch character {
    case 0x41...0x5A: UInt32(character) - 0x41
    case 0x61...0x7A: UInt32(character) - 0x61 + 26
    case 0x30...0x39: UInt32(character) - 0x30 + 52
    case 0x2B: 62
    case 0x2F: 63
    default: nil
    }
  }
}
