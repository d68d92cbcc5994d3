/// What an inventory file declares, decoded, merged and validated.
///
/// Every host already carries what it inherits from `defaults` and groups; nothing looks at those
/// again after decoding.
package struct Inventory: Sendable, Equatable {
  /// The path as the user gave it; shown in messages.
  package var path: String
  /// `sha256:<hex>` of the file's bytes.
  package var digest: String
  package var server: ServerSettings
  package var guards: Guards
  /// In file order.
  package var hosts: [Host]
  /// Group names in the file's order, for selection.
  package var groups: [String]

  package init(
    path: String, digest: String, server: ServerSettings, guards: Guards, hosts: [Host],
    groups: [String]
  ) {
    self.path = path
    self.digest = digest
    self.server = server
    self.guards = guards
    self.hosts = hosts
    self.groups = groups
  }
}

/// Where a secret comes from; never its value.
///
/// Exactly one source, never a literal (design law 7).
package enum SecretSource: Sendable, Hashable {
  case environment(String)
  /// Relative paths are relative to the inventory's folder.
  case file(String)
  /// Run without a shell; needs `--allow-commands` where HEADSCALE_URL is set.
  case command([String])
}

/// The `server:` section.
package struct ServerSettings: Sendable, Equatable {
  /// What hosts join (`--login-server`).
  package var url: ServerURL
  package var api: APISettings
  /// Owner of the keys of tagged hosts; needed below Headscale 0.29 only.
  package var keyOwner: String?

  package init(url: ServerURL, api: APISettings = APISettings(), keyOwner: String? = nil) {
    self.url = url
    self.api = api
    self.keyOwner = keyOwner
  }
}

/// How meshctl reaches the Headscale API.
package struct APISettings: Sendable, Equatable {
  /// The ways in; `rest` is the default.
  package enum Access: Sendable, Equatable {
    /// `url` nil means the server's own URL.
    case rest(url: ServerURL?)
    case command([String])
    case ssh(String)
    case socket(String)
  }

  package var access: Access
  /// Nil means the environment variable HEADSCALE_API_KEY.
  package var key: SecretSource?
  /// A PEM file of certificate authorities to trust instead of the system's.
  package var caFile: String?

  package init(access: Access = .rest(url: nil), key: SecretSource? = nil, caFile: String? = nil) {
    self.access = access
    self.key = key
    self.caFile = caFile
  }
}

/// The `guards:` section: how much one run may do.
///
/// Durations are in seconds.
package struct Guards: Sendable, Equatable {
  /// A number, a percentage, or no limit.
  package enum Limit: Sendable, Equatable {
    case count(Int)
    case percent(Int)
    case off
  }

  package var maxDeletes: Limit = .count(1)
  package var maxChanges: Limit = .off
  package var offlineAfter: Int64 = 300
  package var pruneAfter: Int64 = 7 * 86_400
  package var confirmAfter: Int64 = 180
  /// Globs over node names, or `tag:x`.
  package var ignore: [String] = []

  package init() {}
}
