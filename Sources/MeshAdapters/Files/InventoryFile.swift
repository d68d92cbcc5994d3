import Crypto
import Foundation
package import MeshCore

/// An inventory read from disk, with its findings and its text for showing them.
package struct InventoryFile: Sendable {
  /// Nil when there is an error among the findings.
  package var inventory: Inventory?
  package var diagnostics: [Diagnostic]
  package var bytes: [UInt8]

  static let limit = 16 << 20

  /// Reads and decodes; the only I/O is reading this one file.
  ///
  /// - Throws: `Failure` when the file cannot be read.
  package static func load(_ path: String) throws -> InventoryFile {
    let bytes = try BoundedFile.read(path, limit: limit, what: "the inventory")
    let digest = SHA256.hash(data: Data(bytes)).map { String(format: "%02x", $0) }.joined()
    let (inventory, diagnostics) = InventoryLoader.load(
      bytes: bytes, path: path, digest: "sha256:" + digest)
    let exposed = path == "-" ? [] : exposures(path, inventory)
    return InventoryFile(
      inventory: inventory.map { anchored($0, folder: folder(of: path)) },
      diagnostics: diagnostics + exposed, bytes: bytes)
  }

  /// The folder that relative paths of an inventory start from; empty for the working directory.
  package static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  /// Makes `ca_file`, `socket`, `identity_file` and the paths of `bootstrap` independent of the working directory, for cron's sake;
  /// `~` is left to OpenSSH.
  private static func anchored(_ inventory: Inventory, folder: String) -> Inventory {
    func anchor(_ path: String?) -> String? {
      guard let path, !folder.isEmpty, !path.hasPrefix("/"), !path.hasPrefix("~") else {
        return path
      }
      // `./oem` of `./inventory.yaml` is `./oem`, as people would say it.
      return folder + "/" + (path.hasPrefix("./") ? String(path.dropFirst(2)) : path)
    }
    var inventory = inventory
    inventory.server.api.caFile = anchor(
      inventory.server.api.caFile.map { NSString(string: $0).expandingTildeInPath })
    if case .socket(let path) = inventory.server.api.access, let anchored = anchor(path) {
      inventory.server.api.access = .socket(anchored)
    }
    for index in inventory.hosts.indices where inventory.hosts[index].ssh.identityFile != nil {
      inventory.hosts[index].ssh.identityFile = anchor(inventory.hosts[index].ssh.identityFile)
    }
    for index in inventory.hosts.indices {
      let bootstrap = inventory.hosts[index].bootstrap
      inventory.hosts[index].bootstrap.oemDir = anchor(bootstrap.oemDir)
      inventory.hosts[index].bootstrap.authorizedKeys = anchor(bootstrap.authorizedKeys)
    }
    return inventory
  }
}
