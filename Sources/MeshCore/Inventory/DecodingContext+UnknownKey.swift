import YAMLReader

extension DecodingContext {
  /// Reports a key that means nothing where it stands, with what was probably meant.
  mutating func unknownKey(
    _ pair: YAMLPair, in sections: [InventorySection], title: String? = nil
  ) {
    let title = title ?? sections[0].title
    report(
      .invUnknownKey, .error, "unknown key `\(YAMLNode.cut(pair.key))` in \(title)",
      hint: proposal(for: pair, in: sections), from: pair.keyMark, to: pair.keyEnd)
    if DecodingContext.soundsSecret(pair.key) { hide(pair.value) }
  }

  private func proposal(for pair: YAMLPair, in sections: [InventorySection]) -> String? {
    let word = pair.key.lowercased()
    let here = sections.flatMap(InventoryKey.keys)
    let inHost = sections.contains(.host)
    if inHost, word == "user" {
      return "did you mean `owner` (the Headscale user that owns the node) or `ssh: {user: …}` "
        + "(the login on the host)?"
    }
    let hyphenated = word.replacingOccurrences(of: "-", with: "_")
    if let key = here.first(where: { $0.alsoWritten.contains(word) || $0.name == hyphenated }) {
      return "did you mean `\(key.name)`?"
    }
    if sections == [.ssh], DecodingContext.soundsSecret(word) {
      return "meshctl logs in with keys only: use `identity_file` or an SSH agent"
    }
    if let key = elsewhere(word, from: sections) {
      return "`\(key.name)` stands \(key.section.place)"
    }
    if let name = Suggestion.nearest(to: word, in: here.map(\.name)) {
      return "did you mean `\(name)`?"
    }
    if sections == [.top], looksLikeHost(pair.value) {
      return "if `\(YAMLNode.cut(pair.key))` is a host, indent it under `hosts:`"
    }
    guard here.count <= 8 else { return "`meshctl schema` lists all keys" }
    return "known here: " + here.map { "`\($0.name)`" }.joined(separator: ", ")
  }

  /// The key of a neighbouring section that has this name.
  private func elsewhere(_ word: String, from sections: [InventorySection]) -> InventoryKey? {
    let neighbours: [InventorySection] =
      switch sections[0] {
      case .top: [.guards, .server]
      case .server: [.api, .guards, .top]
      case .api: [.server, .secret]
      case .guards: [.top]
      case .host, .group: [.ssh, .become, .tailscale, .bootstrap]
      case .ssh, .become, .tailscale, .bootstrap: [.host, .ssh, .become]
      case .secret: []
      }
    if sections.contains(.host), ["ansible_user", "ssh_user", "login"].contains(word) {
      return InventoryKey.named("user", in: .ssh)
    }
    for section in neighbours where !sections.contains(section) {
      let keys = InventoryKey.keys(of: section)
      if let key = keys.first(where: { $0.name == word || $0.alsoWritten.contains(word) }) {
        return key
      }
    }
    return nil
  }

  private func looksLikeHost(_ node: YAMLNode) -> Bool {
    node.pairs?.contains { InventoryKey.named($0.key, in: .host) != nil } ?? false
  }

  /// True for a key that people put passwords and tokens under.
  static func soundsSecret(_ key: String) -> Bool {
    let word = key.lowercased()
    return ["pass", "secret", "token", "credential", "api_key", "apikey", "auth_key", "authkey"]
      .contains { word.contains($0) } || word == "key"
  }
}

extension InventorySection {
  /// Where a key of this section is written, in words.
  fileprivate var place: String {
    switch self {
    case .top: "at the top of the file"
    case .host: "on the host itself"
    case .secret: "under `key:` or `password:`"
    default: "under `\(rawValue):`"
    }
  }
}
