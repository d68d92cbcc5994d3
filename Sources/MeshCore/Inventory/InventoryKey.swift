/// One key that an inventory may hold: what it is called, takes, means and defaults to.
///
/// `InventoryKey.all` is the one table: the decoder knows its keys and proposes from it, and the
/// schema documents (inventory.schema.md, `meshctl schema`) are generated from it.
package struct InventoryKey: Sendable, Equatable {
  package var section: InventorySection
  package var name: String
  package var type: InventoryType
  /// What holds where the key is not written, in words; nil where it then is unmanaged or empty.
  package var defaultValue: String?
  package var isRequired: Bool
  /// True for what says who one host is, and so cannot be inherited.
  package var hostOnly: Bool
  /// The first version of meshctl that reads the key.
  package var since: String
  /// One or two sentences.
  package var doc: String
  /// A value as written in YAML flow style; decodes without a problem.
  package var example: String
  /// Which of its values this version reads and checks, but whose effect comes with a later one.
  package var notYet: String?
  /// What people write instead, from other tools or by habit.
  package var alsoWritten: [String]

  init(
    _ section: InventorySection, _ name: String, _ type: InventoryType,
    defaultValue: String? = nil, isRequired: Bool = false, hostOnly: Bool = false,
    since: String = "0.1.0", _ doc: String, example: String, notYet: String? = nil,
    alsoWritten: [String] = []
  ) {
    self.section = section
    self.name = name
    self.type = type
    self.defaultValue = defaultValue
    self.isRequired = isRequired
    self.hostOnly = hostOnly
    self.since = since
    self.doc = doc
    self.example = example
    self.notYet = notYet
    self.alsoWritten = alsoWritten
  }

  /// The key with all keys above it, for example `server.api.key` or `hosts.NAME.ssh.user`.
  package var path: String { section.prefix + name }

  /// True when its value is, or leads to, something that must not be shown.
  var isSecret: Bool { type == .secret }
}

/// A mapping of the inventory that has keys of its own.
package enum InventorySection: String, Sendable, CaseIterable {
  case top, server, api, guards, host, ssh, become, tailscale, bootstrap, group, secret

  /// What stands before a key of this section in its path.
  var prefix: String {
    switch self {
    case .top: ""
    case .server: "server."
    case .api: "server.api."
    case .guards: "guards."
    case .host: "hosts.NAME."
    case .ssh: "hosts.NAME.ssh."
    case .become: "hosts.NAME.become."
    case .tailscale: "hosts.NAME.tailscale."
    case .bootstrap: "hosts.NAME.bootstrap."
    case .group: "groups.NAME."
    case .secret: "SECRET."
    }
  }

  /// How messages call the section.
  var title: String {
    switch self {
    case .top: "the inventory"
    case .server: "`server`"
    case .api: "`server.api`"
    case .guards: "`guards`"
    case .host: "a host"
    case .ssh: "`ssh`"
    case .become: "`become`"
    case .tailscale: "`tailscale`"
    case .bootstrap: "`bootstrap`"
    case .group: "a group"
    case .secret: "a secret"
    }
  }
}

extension InventoryKey {
  /// Every key, sections in reading order, keys in the order the schema shows them.
  package static let all: [InventoryKey] =
    topKeys + serverKeys + apiKeys + guardKeys + hostKeys + sshKeys + becomeKeys + tailscaleKeys
    + bootstrapKeys + groupKeys + secretKeys

  /// The keys of one section.
  package static func keys(of section: InventorySection) -> [InventoryKey] {
    bySection[section] ?? []
  }

  /// One key of a section; nil where the section has none of that name.
  package static func named(_ name: String, in section: InventorySection) -> InventoryKey? {
    byName[section]?[name]
  }

  private static let bySection = Dictionary(grouping: all, by: \.section)

  private static let byName = bySection.mapValues { keys in
    Dictionary(keys.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
  }
}
