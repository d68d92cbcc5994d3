import YAMLReader

extension DecodingContext {
  /// An http(s) URL; warns about names that resolve on one local network only.
  mutating func url(_ field: Field, joinedByHosts: Bool = false) -> Located<ServerURL>? {
    guard let text = text(field.key, field.node) else { return nil }
    guard let url = ServerURL(text) else {
      let problem = URLProblem(text)
      report(
        .invURL, .error, "`\(field.key.name)`: " + problem.message(found: field.node.inWords),
        detail: problem.detail, hint: problem.hint, at: field.node,
        isSecret: problem.holdsSecret)
      return nil
    }
    if joinedByHosts, url.host.hasSuffix(".local") || url.host.hasSuffix(".local.") {
      report(
        .invLocalURL, .warning,
        "`\(url.host)` resolves by multicast DNS on one local network only",
        detail: "Hosts elsewhere, in containers or behind NAT do not find it, and the client then "
          + "waits without saying why.",
        hint: field.key.section == .server
          ? "use a DNS name or an IP address, or give such hosts a `server_url` of their own"
          : "use a DNS name or an IP address that answers from there", at: field.node)
    }
    return Located(url, at: field.node)
  }

  /// A host name or an IP address without port or login.
  mutating func address(_ field: Field) -> Located<String>? {
    guard let text = word(field.key, field.node) else { return nil }
    guard let problem = AddressRules.problem(text) else { return Located(text, at: field.node) }
    report(
      .invAddress, .error, "`address`: `\(YAMLNode.cut(text))` is no host name or IP address",
      hint: problem.hint, at: field.node)
    return nil
  }

  /// `host` or `host:port`.
  mutating func endpoint(_ key: InventoryKey, _ node: YAMLNode) -> String? {
    guard let text = word(key, node) else { return nil }
    if AddressRules.isEndpoint(text) { return text }
    let isURL = text.contains("://")
    report(
      .invAddress, .error,
      "`\(key.name)`: expected `host` or `host:port`, found the text `\(YAMLNode.cut(text))`",
      hint: isURL
        ? "write host and port only"
        : text.filter { $0 == ":" }.count > 1
          ? "write an IPv6 address as `[2001:db8::1]:443`" : nil,
      at: node)
    return nil
  }

  /// `[user@]host[:port]`, several with commas, as `ssh -J` takes them.
  mutating func jump(_ field: Field) -> String? {
    guard let text = word(field.key, field.node) else { return nil }
    for hop in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard !AddressRules.isLogin(hop) else { continue }
      report(
        .invAddress, .error,
        hop.isEmpty
          ? "`jump`: an entry between commas is empty"
          : "`jump`: `\(YAMLNode.cut(String(hop)))` is not `[user@]host[:port]`", at: field.node)
      return nil
    }
    return text
  }

  /// `[user@]host[:port]`.
  mutating func login(_ field: Field) -> String? {
    guard let text = word(field.key, field.node) else { return nil }
    if AddressRules.isLogin(text[...]) { return text }
    report(
      .invAddress, .error,
      "`\(field.key.name)`: expected \(field.key.type.words), found \(field.node.inWords)",
      at: field.node)
    return nil
  }

  /// A path of this machine; blanks inside are allowed.
  mutating func filePath(_ key: InventoryKey, _ node: YAMLNode) -> String? {
    word(key, node, blanksAllowed: true)
  }

  /// A CIDR; a default route, host bits and bare addresses are explained.
  mutating func prefix(_ key: InventoryKey, _ node: YAMLNode) -> Located<IPPrefix>? {
    guard let text = text(key, node) else { return nil }
    let prefix: IPPrefix
    do throws(IPPrefix.ParseError) {
      prefix = try IPPrefix.parse(text)
    } catch {
      switch error {
      case .hostBits(let canonical):
        report(
          .invHostBits, .error, "`\(text)` has host bits set",
          detail: "Headscale stores a route as it is sent, and one with host bits never matches.",
          hint: "write `\(canonical)`", at: node)
      case .notAPrefix: notAPrefix(text, key, node)
      }
      return nil
    }
    guard !prefix.isDefaultRoute else {
      report(
        .invDefaultRoute, .error,
        "`\(prefix)` is a default route, which makes the host an exit node",
        hint: "remove it and write `exit_node: true`", at: node)
      return nil
    }
    return Located(prefix, at: node)
  }

  private mutating func notAPrefix(_ text: String, _ key: InventoryKey, _ node: YAMLNode) {
    var hint: String?
    if let bytes = IPPrefix.addressBytes(text) {
      hint = "for this one address write `\(IPPrefix(bytes: bytes, length: bytes.count * 8))`"
    } else if let slash = text.firstIndex(of: "/"),
      let bytes = IPPrefix.addressBytes(text[..<slash])
    {
      hint =
        DecodingContext.maskLength(text[text.index(after: slash)...]).map {
          "write `\(IPPrefix(bytes: bytes, length: $0))`"
        } ?? "the length after `/` goes from 0 to \(bytes.count * 8)"
    }
    report(
      .invCIDR, .error, "`\(key.name)`: expected \(key.type.elementWords), found \(node.inWords)",
      hint: hint, at: node)
  }

  /// The prefix length of a dotted mask such as `255.255.255.0`.
  private static func maskLength(_ text: Substring) -> Int? {
    guard let bytes = IPPrefix.addressBytes(text), bytes.count == 4 else { return nil }
    let mask = bytes.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
    let length = (~mask).leadingZeroBitCount
    return mask == (length == 0 ? 0 : ~UInt32(0) << (32 - length)) ? length : nil
  }
}
