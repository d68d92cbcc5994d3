import MeshCore
import Testing
import YAMLReader

/// Values that another program would take for an option, or for two words: every key of the inventory
/// whose value can reach an argument vector refuses them, or hands them on behind what they cannot leave.
@Suite struct OptionInjectionTests {
  static let evil = [
    "-oProxyCommand=x", "-x", "--", "--auth-key=x", "-", " -x", "a\nb", "a\r\nb", "a\tb", "a\u{0}b",
    "a\u{1B}[2Jb", "a\u{7F}", "a\u{9B}b", "a\u{202E}b", "a\u{2028}b", "a\u{200B}b", "",
  ]

  /// Keys whose values are words that a person writes.
  ///
  /// Choices, numbers, booleans and sections hold no
  /// text, secrets are never arguments, and a version of the format is a number.
  static let keys: [InventoryKey] = InventoryKey.all.filter { key in isText(key.type) }

  private static func isText(_ type: InventoryType) -> Bool {
    switch type {
    case .text, .path, .url, .address, .login, .user, .label, .nodeName, .owner, .tag, .prefix,
      .endpoint, .machineKey, .hostKey, .clientVersion, .checksum, .pattern, .variable:
      true
    case .list(let element): isText(element)
    default: false
    }
  }

  /// Where `pattern` begins with anything it is compared and never handed on, and the name of a variable
  /// or of a group is only looked up.
  private static func mayBegin(with value: String, _ key: InventoryKey) -> Bool {
    key.name == "ignore" && value.hasPrefix("-") || key.section == .secret
  }

  private static func quoted(_ value: String) -> String {
    "\""
      + value.unicodeScalars.map { scalar in
        scalar.isASCII && scalar.value >= 0x20 && scalar != "\"" && scalar != "\\"
          && scalar.value != 0x7F
          ? String(scalar)
          : "\\U" + String(repeating: "0", count: 8 - String(scalar.value, radix: 16).count)
            + String(scalar.value, radix: 16)
      }.joined() + "\""
  }

  private static func inventory(_ key: InventoryKey, _ value: String) -> String? {
    var text = quoted(value)
    if case .list = key.type { text = "[\(text)]" }
    let entry = "\(key.name): \(text)"
    let server = "server: {url: \"https://mesh.example.com\"}\n"
    switch key.section {
    case .server:
      return key.name == "url"
        ? "server: {\(entry)}\nhosts: {web-1: {}}\n"
        : "server: {url: \"https://mesh.example.com\", \(entry)}\nhosts: {web-1: {}}\n"
    case .api:
      return "server: {url: \"https://mesh.example.com\", api: {\(entry)}}\nhosts: {web-1: {}}\n"
    case .guards: return server + "guards: {\(entry)}\nhosts: {web-1: {}}\n"
    case .host: return server + "hosts: {web-1: {\(entry)}}\n"
    case .ssh, .become, .tailscale, .bootstrap:
      return server + "hosts: {web-1: {\(key.section.rawValue): {\(entry)}}}\n"
    case .group, .top, .secret: return nil
    }
  }

  @Test(
    "No key of the inventory takes an option, a blank line or a hidden character", arguments: keys)
  func everyKey(key: InventoryKey) throws {
    guard Self.inventory(key, "x") != nil else { return }
    for value in Self.evil where !Self.mayBegin(with: value, key) {
      guard let text = Self.inventory(key, value) else { continue }
      let loaded = InventoryLoader.load(
        bytes: Array(("version: 1\n" + text).utf8), path: "x", digest: "")
      #expect(
        loaded.inventory == nil && loaded.diagnostics.contains { $0.severity == .error },
        "\(key.path) takes \(value.debugDescription)")
      let shown = DiagnosticText.render(loaded.diagnostics)
      #expect(!shown.unicodeScalars.contains { $0 != "\n" && VisibleText.isHidden($0) })
    }
  }

  @Test func theTableIsWhole() {
    let paths = Set(Self.keys.map(\.path))
    for needed in [
      "hosts.NAME.address", "hosts.NAME.ssh.user", "hosts.NAME.ssh.jump",
      "hosts.NAME.ssh.identity_file", "hosts.NAME.owner", "hosts.NAME.tags", "hosts.NAME.routes",
      "hosts.NAME.operator", "hosts.NAME.name", "hosts.NAME.aliases", "hosts.NAME.expect",
      "server.api.ssh", "server.api.socket", "server.api.ca_file", "server.url",
      "hosts.NAME.tailscale.mirror", "hosts.NAME.server_url",
    ] {
      #expect(paths.contains(needed), "\(needed)")
    }
  }

  /// Names of hosts are what --limit takes.
  @Test(arguments: evil) func namesOfHostsAndGroups(value: String) {
    for text in [
      "hosts: {\(Self.quoted(value)): {}}",
      "hosts: {web-1: {}}\ngroups: {\(Self.quoted(value)): {}}",
    ] {
      let whole = "version: 1\nserver: {url: \"https://mesh.example.com\"}\n" + text + "\n"
      let loaded = InventoryLoader.load(bytes: Array(whole.utf8), path: "x", digest: "")
      #expect(loaded.inventory == nil, "\(value.debugDescription)")
    }
  }

  /// What the client is told stands behind `--flag=` in the same word, whatever it is: hosts and servers
  /// report values that no inventory has checked.
  @Test(arguments: evil) func flagsOfTheClient(value: String) throws {
    var host = Host(key: "web-1", mark: SourceMark(line: 1, column: 1))
    host.preferences.operatorUser = value
    host.name = value
    let server = try #require(ServerURL("https://mesh.example.com"))
    for flag in UpArguments.join(host, server: server, current: nil) {
      #expect(flag.hasPrefix("--"), "\(flag)")
    }
    for flag in UpArguments.join(host, server: server, current: nil)
    where flag.contains(value) && !value.isEmpty {
      #expect(
        flag.hasPrefix("--hostname=") || flag.hasPrefix("--operator=") || value == "-"
          || value == "--")
    }
  }
}
