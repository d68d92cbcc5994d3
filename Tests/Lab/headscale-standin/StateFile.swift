import Foundation
import HeadscaleHTTP
import MeshCore
import MeshSimulation

/// Keeps the server's state over restarts, readable by its owner only, because it holds keys.
struct StateFile {
  var path: String

  /// The saved state, or a fresh server with real randomness.
  func load(mode: Mode) throws -> SimulatedHeadscale {
    guard FileManager.default.fileExists(atPath: path) else {
      return SimulatedHeadscale(mode: mode, seed: UInt64.random(in: 0...UInt64.max))
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: path))
    var server = try JSONDecoder().decode(SimulatedHeadscale.self, from: data)
    server.mode = mode
    // Nobody is connected to a server that has just started.
    server.restart()
    return server
  }

  func save(_ server: SimulatedHeadscale) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let data = try encoder.encode(server)
    let next = path + ".new"
    guard
      FileManager.default.createFile(
        atPath: next, contents: data, attributes: [.posixPermissions: 0o600])
    else { throw CocoaError(.fileWriteUnknown) }
    guard rename(next, path) == 0 else { throw CocoaError(.fileWriteUnknown) }
  }
}
