/// What one level says about hosts: `defaults`, one group, or the host itself.
///
/// Nil is "not said here". Levels are laid over each other from the general to the specific.
struct HostLayer: Sendable {
  /// How specific a level is.
  enum Level: Int, Sendable, Comparable {
    case defaults, group, host

    static func < (left: Level, right: Level) -> Bool { left.rawValue < right.rawValue }
  }

  struct Become: Sendable {
    var method: BecomeSettings.Method?
    var password: SecretSource?
  }

  struct Tailscale: Sendable {
    var version: ClientInstallation.Version?
    var source: ClientInstallation.Source?
    var mirror: String?
    var sha256: String?
  }

  var os: OperatingSystem?
  var address: Located<String>?
  var port: Int?
  var connection: Host.Connection?
  var serverURL: ServerURL?
  var serverFallback: Host.ServerFallback?
  var ssh = SSHSettings()
  var become = Become()
  var name: Located<String>?
  /// True where `name:` is written, even if it is wrong.
  var hasName = false
  var owner: Located<String>?
  var ownerLevel = Level.defaults
  /// Empty only within one level: it then drops what was inherited.
  var tags: [String]?
  var tagsLevel = Level.defaults
  var machineKey: Located<String>?
  var routes: [Located<IPPrefix>]?
  var exitNode: Bool?
  var preferences = ClientPreferences()
  var tailscale = Tailscale()
  var expiry: Host.Expiry?
  var clientLogs: Host.ClientLogs?
  var aliases: [Located<String>] = []
  var state: Host.State?
  var protect: Bool?
  var offline: Host.Offline?
  var bootstrap = BootstrapSettings()
  var expect: [String]?
  var groups: [Located<String>] = []
}

extension HostLayer {
  /// Lays a more specific level over this one.
  mutating func overlay(_ layer: HostLayer, level: Level) {
    os = layer.os ?? os
    address = layer.address ?? address
    port = layer.port ?? port
    connection = layer.connection ?? connection
    serverURL = layer.serverURL ?? serverURL
    serverFallback = layer.serverFallback ?? serverFallback
    name = layer.name ?? name
    hasName = layer.hasName || hasName
    machineKey = layer.machineKey ?? machineKey
    exitNode = layer.exitNode ?? exitNode
    expiry = layer.expiry ?? expiry
    clientLogs = layer.clientLogs ?? clientLogs
    state = layer.state ?? state
    protect = layer.protect ?? protect
    offline = layer.offline ?? offline
    aliases += layer.aliases
    groups += layer.groups
    overlaySections(layer)
    overlayPreferences(layer.preferences)
    overlayOwnership(layer, level: level)
    routes = HostLayer.added(routes, layer.routes) { $0.value }
    expect = HostLayer.added(expect, layer.expect) { $0 }
  }

  private mutating func overlaySections(_ layer: HostLayer) {
    ssh.user = layer.ssh.user ?? ssh.user
    ssh.identityFile = layer.ssh.identityFile ?? ssh.identityFile
    ssh.jump = layer.ssh.jump ?? ssh.jump
    ssh.hostKey = layer.ssh.hostKey ?? ssh.hostKey
    ssh.connectTimeout = layer.ssh.connectTimeout ?? ssh.connectTimeout
    become.method = layer.become.method ?? become.method
    become.password = layer.become.password ?? become.password
    tailscale.version = layer.tailscale.version ?? tailscale.version
    tailscale.source = layer.tailscale.source ?? tailscale.source
    tailscale.mirror = layer.tailscale.mirror ?? tailscale.mirror
    tailscale.sha256 = layer.tailscale.sha256 ?? tailscale.sha256
    bootstrap.oemDir = layer.bootstrap.oemDir ?? bootstrap.oemDir
    bootstrap.authorizedKeys = layer.bootstrap.authorizedKeys ?? bootstrap.authorizedKeys
    bootstrap.command = layer.bootstrap.command ?? bootstrap.command
  }

  private mutating func overlayPreferences(_ layer: ClientPreferences) {
    preferences.acceptRoutes = layer.acceptRoutes ?? preferences.acceptRoutes
    preferences.acceptDNS = layer.acceptDNS ?? preferences.acceptDNS
    preferences.tailscaleSSH = layer.tailscaleSSH ?? preferences.tailscaleSSH
    preferences.shieldsUp = layer.shieldsUp ?? preferences.shieldsUp
    preferences.operatorUser = layer.operatorUser ?? preferences.operatorUser
  }

  /// The more specific of owner and tags wins; within one level both stay, which is a conflict
  /// (`ownershipConflict`) unless a still more specific level decides.
  private mutating func overlayOwnership(_ layer: HostLayer, level: Level) {
    if let own = layer.tags {
      if own.isEmpty {
        tags = nil
      } else {
        if ownerLevel < level { owner = nil }
        tags = HostLayer.added(tags, own) { $0 }
        tagsLevel = level
      }
    }
    if let own = layer.owner {
      if tagsLevel < level { tags = nil }
      owner = own
      ownerLevel = level
    }
  }

  /// True when two groups gave an owner and tags, and nothing more specific decided.
  var ownershipConflict: Bool { owner != nil && tags != nil }

  /// The inherited entries with the own ones; an empty own list drops what was inherited.
  private static func added<Element, Key: Hashable>(
    _ inherited: [Element]?, _ own: [Element]?, by key: (Element) -> Key
  ) -> [Element]? {
    guard let own else { return inherited }
    guard let inherited, !inherited.isEmpty, !own.isEmpty else { return own }
    var seen = Set(inherited.map(key))
    return inherited + own.filter { seen.insert(key($0)).inserted }
  }
}
