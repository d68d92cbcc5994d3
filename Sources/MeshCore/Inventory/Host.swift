package import YAMLReader

/// The operating system family of a target; decides the target profile.
package enum OperatingSystem: String, Sendable, Hashable, CaseIterable {
  case linux, macos, windows
}

/// One host as the inventory declares it, with everything it inherits.
///
/// An optional that is nil means *unmanaged*: that attribute is never changed (design law 5).
package struct Host: Sendable, Equatable {
  package enum Connection: String, Sendable, CaseIterable { case ssh, local }
  package enum ServerFallback: String, Sendable, CaseIterable { case none, ip }
  package enum State: String, Sendable, CaseIterable { case present, absent }
  package enum Expiry: String, Sendable, CaseIterable { case keep, never }
  package enum Offline: String, Sendable, CaseIterable { case repair, ignore }
  package enum ClientLogs: String, Sendable, CaseIterable { case keep, off }

  /// The key under `hosts:`; names the host in every output.
  package var key: String
  /// Where the host stands in the file.
  package var mark: SourceMark
  package var os: OperatingSystem = .linux
  /// Host name or IP that SSH goes to.
  package var address: String
  package var port: Int = 22
  package var connection: Connection = .ssh
  /// The login server as seen from this host; nil means the inventory's `server.url`.
  package var serverURL: ServerURL?
  package var serverFallback: ServerFallback = .none
  package var ssh = SSHSettings()
  package var become = BecomeSettings()
  /// Node name in the mesh (Headscale's givenName).
  package var name: String
  package var ownership: Ownership?
  /// `mkey:<64 hex>`: pins who this host is.
  package var machineKey: String?
  /// Canonical, sorted, without default routes (those belong to `exitNode`).
  package var routes: [IPPrefix]?
  package var exitNode: Bool?
  package var preferences = ClientPreferences()
  package var tailscale = ClientInstallation()
  package var expiry: Expiry = .keep
  package var clientLogs: ClientLogs = .keep
  package var aliases: [String] = []
  package var state: State = .present
  package var protect = false
  package var offline: Offline = .repair
  package var bootstrap = BootstrapSettings()
  package var expect: [String] = []
  /// Every group the host is in, from either side, in the order of the top-level `groups:`.
  package var groups: [String] = []

  package init(key: String, mark: SourceMark, address: String? = nil, name: String? = nil) {
    self.key = key
    self.mark = mark
    self.address = address ?? key
    self.name = name ?? key
  }
}

/// Who owns a node: a user or its tags, never both (Headscale 0.28 and later).
package enum Ownership: Sendable, Hashable {
  /// A Headscale user by name or email.
  case owner(String)
  /// Sorted, unique, each with its `tag:` prefix; not empty.
  case tags([String])
}

/// What is handed to OpenSSH; nil leaves the user's own ssh configuration in force.
package struct SSHSettings: Sendable, Equatable {
  package enum HostKey: Sendable, Equatable {
    /// One pinned public key, `<type> <base64>`.
    case pinned(String)
    /// Learn an unknown key on first contact; a changed key is still refused.
    case acceptNew
  }

  package var user: String?
  package var identityFile: String?
  package var jump: String?
  package var hostKey: HostKey?
  /// Seconds.
  package var connectTimeout: Int?

  package init() {}
}

/// How to become root on the target.
package struct BecomeSettings: Sendable, Equatable {
  package enum Method: String, Sendable, CaseIterable { case auto, sudo, doas, none }

  package var method: Method = .auto
  package var password: SecretSource?

  package init() {}
}

/// Client preferences an inventory may manage; nil means unmanaged.
package struct ClientPreferences: Sendable, Equatable {
  package var acceptRoutes: Bool?
  package var acceptDNS: Bool?
  package var tailscaleSSH: Bool?
  package var shieldsUp: Bool?
  /// The local user who may run `tailscale set` without root.
  package var operatorUser: String?

  package init() {}
}

/// The `tailscale:` section: which client, from where.
package struct ClientInstallation: Sendable, Equatable {
  package enum Version: Sendable, Equatable {
    case present, latest
    case pinned(String)
  }
  package enum Source: String, Sendable, CaseIterable { case auto, repository, `static`, package }

  package var version: Version = .present
  package var source: Source = .auto
  /// A base URL with the layout of https://pkgs.tailscale.com/stable.
  package var mirror: String?
  package var sha256: String?

  package init() {}
}

/// The `bootstrap:` section: how SSH gets enabled where nothing listens.
package struct BootstrapSettings: Sendable, Equatable {
  package var oemDir: String?
  package var authorizedKeys: String?
  package var command: [String]?

  package init() {}
}
