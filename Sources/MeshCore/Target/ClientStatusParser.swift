#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads `tailscale status --json --peers=false` (reference tailscale-client.md §2.2).
///
/// Every field may be missing or null, unknown fields are ignored, and times are not read at all, so
/// no form of them can fail.
package enum ClientStatusParser {
  /// What a status says.
  package struct Status: Sendable, Equatable {
    package var backendState: String
    /// `1.102.3`, of the daemon; nil where absent.
    package var version: String?
    package var haveNodeKey = false
    /// Nil where absent or all zeros.
    package var nodeKey: String?
    package var selfOnline = false
    package var keyExpired = false
    package var addresses: [String] = []
    package var health: [String] = []
    /// A login that waits for a person at this URL.
    package var authURL: String?
    package var hasTUN = false
  }

  /// Nil where the text is no status.
  package static func parse(_ text: String) -> Status? {
    guard let wire = try? JSONDecoder().decode(Wire.self, from: JSONText.object(in: text)),
      let state = wire.BackendState
    else { return nil }
    var status = Status(backendState: state)
    status.version = wire.Version?.split(separator: "-").first.map(String.init)
    status.haveNodeKey = wire.HaveNodeKey ?? false
    status.nodeKey = wire.Self?.PublicKey.flatMap(provingKey)
    status.selfOnline = wire.Self?.Online ?? false
    status.keyExpired = wire.Self?.Expired ?? false
    status.addresses = wire.TailscaleIPs ?? []
    status.health = wire.Health ?? []
    status.authURL = wire.AuthURL.flatMap { $0.isEmpty ? nil : $0 }
    status.hasTUN = wire.TUN ?? false
    return status
  }

  /// Before the first login the key is all zeros, the same on every host: it proves nothing.
  private static func provingKey(_ key: String) -> String? {
    let prefix = "nodekey:"
    guard key.hasPrefix(prefix), key.dropFirst(prefix.count).contains(where: { $0 != "0" })
    else { return nil }
    return key
  }

  private struct Wire: Decodable {
    var Version: String?
    var BackendState: String?
    var HaveNodeKey: Bool?
    var AuthURL: String?
    var TUN: Bool?
    var TailscaleIPs: [String]?
    var Health: [String]?
    var `Self`: Node?

    struct Node: Decodable {
      var PublicKey: String?
      var Online: Bool?
      var Expired: Bool?
    }
  }
}

/// Reads `tailscale version --json`.
package enum ClientVersionParser {
  /// `1.102.3`; nil where the text is no version answer.
  package static func parse(_ text: String) -> String? {
    guard let wire = try? JSONDecoder().decode(Wire.self, from: JSONText.object(in: text)),
      let version = wire.majorMinorPatch ?? wire.short, !version.isEmpty
    else { return nil }
    return version
  }

  /// Which build it is, `darwin` for the headless one on macOS; nil where it does not say.
  package static func variant(_ text: String) -> String? {
    (try? JSONDecoder().decode(Wire.self, from: JSONText.object(in: text)))?.osVariant
  }

  private struct Wire: Decodable {
    var majorMinorPatch: String?
    var short: String?
    var osVariant: String?
  }
}

/// Finds the JSON object in the output of a program that may warn first.
enum JSONText {
  static func object(in text: String) -> Data {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let start = lines.firstIndex(where: { $0.first == "{" }) else { return Data(text.utf8) }
    return Data(lines[start...].joined(separator: "\n").utf8)
  }
}
