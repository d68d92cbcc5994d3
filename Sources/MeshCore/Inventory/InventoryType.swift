/// What the value of an inventory key is: its words for people, its form in the JSON Schema.
package indirect enum InventoryType: Sendable, Equatable {
  case formatVersion, boolean, port, duration, limit
  case text, path, url, address, login, user, label, nodeName, owner, tag, prefix, endpoint
  case machineKey, hostKey, clientVersion, checksum, pattern, variable, existing(String)
  /// One of a few words.
  case choice([String])
  case list(InventoryType)
  /// Program and arguments, run without a shell.
  case command
  /// Exactly one of `env`, `file` and `command`.
  case secret
  /// A mapping with the keys of that section.
  case section(InventorySection)
  /// A mapping from names that the user chooses to mappings with the keys of that section.
  case named(InventorySection)

  /// The type in words, singular: what stands after "expected".
  package var words: String {
    switch self {
    case .list(let element): "a list of \(element.plural)"
    case .choice(let names): Suggestion.alternatives(names)
    default: nouns.one
    }
  }

  /// The type in words, plural.
  var plural: String {
    switch self {
    case .list, .choice: words
    default: nouns.many
    }
  }

  private var nouns: (one: String, many: String) {
    switch self {
    case .formatVersion: ("the number 1", "numbers")
    case .boolean: ("true or false", "booleans")
    case .port: ("a number from 1 to 65535", "ports")
    case .duration: ("a duration such as `90s`, `5m`, `2h` or `7d`", "durations")
    case .limit: ("a number, a percentage such as `5%`, or `off`", "limits")
    case .text: ("a text", "texts")
    case .path: ("a file path", "file paths")
    case .url: ("an http:// or https:// URL", "URLs")
    case .address: ("a host name or an IP address", "host names or IP addresses")
    case .login: ("an SSH destination such as `root@mesh.example.com`", "SSH destinations")
    case .user: ("a user name", "user names")
    case .label: ("a name", "names")
    case .nodeName: ("a DNS label of 2 to 63 lower-case letters, digits and `-`", "DNS labels")
    case .owner: ("a Headscale user (name or email)", "Headscale users")
    case .tag: ("a tag such as `tag:server`", "tags such as `tag:server`")
    case .prefix: ("a CIDR such as `10.0.0.0/24`", "CIDRs")
    case .endpoint: ("`host` or `host:port`", "`host` or `host:port`")
    case .machineKey: ("`mkey:` and 64 lower-case hex digits", "machine keys")
    case .hostKey:
      ("`accept-new` or a public key such as `ssh-ed25519 AAAA…`", "public keys")
    case .clientVersion: ("`present`, `latest` or a version such as `1.98.2`", "versions")
    case .checksum: ("64 hex digits (a SHA-256)", "checksums")
    case .pattern: ("a name pattern or a tag", "name patterns or tags")
    case .variable: ("the name of an environment variable", "names of environment variables")
    case .existing(let what): ("the name of a \(what)", "names of \(what)s")
    case .command: ("a list of words (program and arguments)", "commands")
    case .secret: ("a mapping with one of `env`, `file` or `command`", "secrets")
    case .section(let section): ("a mapping with the keys of \(section.title)", "mappings")
    case .named(let section): ("a mapping from names to the keys of \(section.title)", "mappings")
    case .list, .choice: ("", "")
    }
  }
}
