import MeshAdapters
import MeshCore

/// An observation from a saved node list.
enum SavedObservation {
  static let limit = 512 << 20

  static func read(_ path: String) throws -> SavedNodes {
    let bytes = try BoundedFile.read(path, limit: limit, what: "the saved node list")
    return try SavedNodes(bytes: bytes, file: path)
  }

  /// What the file lacks stays unknown.
  static func make(_ saved: SavedNodes, inventory: Inventory) -> Observation {
    Observation(
      server: ServerIdentity(
        url: saved.serverURL ?? inventory.server.url.normalized, version: saved.version),
      nodes: saved.nodes, users: saved.users, policy: saved.policy, takenAt: saved.takenAt)
  }
}
