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
    return InventoryFile(inventory: inventory, diagnostics: diagnostics, bytes: bytes)
  }
}
