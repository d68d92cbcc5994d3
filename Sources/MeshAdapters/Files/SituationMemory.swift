import Crypto
import Foundation
package import MeshCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Remembers which trouble was told last, so that it is told once and not after every run.
///
/// Losing the file costs one more notification and nothing else (design law 4).
package struct SituationMemory: Sendable {
  /// One line of work that is told of by itself.
  private struct Told: Codable {
    /// Hash of what makes it one: inventory, part, selection, command.
    var about: String
    /// For people who look into the file.
    var mesh: String
    /// Hash of the situation.
    var situation: String
    var time: String
  }

  package static let name = "notified.json"
  /// How many lines of work are remembered; the one that was told longest ago goes first.
  static let limit = 200

  private let folder: String
  private let about: String
  private let mesh: String

  /// - Parameters:
  ///   - folder: of this user, made where missing.
  ///   - mesh: its URL; empty where the inventory cannot be read.
  ///   - about: what makes it a line of work of its own.
  package init(folder: String, mesh: String, about: [String]) {
    self.folder = folder
    self.mesh = mesh
    self.about = SituationMemory.hash(about.joined(separator: "\u{0}"))
  }

  package static func hash(_ text: String) -> String {
    SHA256.hash(data: Data(text.utf8)).prefix(16).map { String(format: "%02x", $0) }.joined()
  }

  /// What was told last; nil where all was well, or nothing is known.
  package func last() -> String? {
    guard let place = try? PrivateFolder(folder, writes: false) else { return nil }
    return read(place).first { $0.about == about }?.situation
  }

  /// Remembers what was told; nil for all is well.
  ///
  /// - Throws: `Failure` with `MESH-NOTIFY-MEMORY`.
  package func remember(_ situation: String?, at time: Timestamp) throws {
    do {
      let place = try PrivateFolder(folder, writes: true)
      // The folder's own lock: several runs may tell at once.
      try FileLock.take(place.descriptor)
      defer { FileLock.release(place.descriptor) }
      let before = read(place)
      var told = before.filter { $0.about != about }
      if let situation {
        told.append(
          Told(
            about: about, mesh: String(mesh.prefix(200)), situation: situation,
            time: time.rfc3339))
      } else if told.count == before.count {
        return
      }
      let text = StableJSON.encode(Array(told.suffix(SituationMemory.limit))) + "\n"
      try AtomicFile.write(text, to: folder + "/" + SituationMemory.name, mode: 0o600)
    } catch {
      throw Failure(
        .notifyMemory, "cannot write \(folder)/\(SituationMemory.name): \(error)",
        detail: "The same trouble is told again after the next run.",
        hint: "set XDG_STATE_HOME to a folder of your own, mode 0700")
    }
  }

  /// Nothing for a file that is missing, too large or no such file.
  private func read(_ place: borrowing PrivateFolder) -> [Told] {
    guard let file = try? place.file(SituationMemory.name, O_RDONLY) else { return [] }
    defer { try? file.close() }
    var bytes: [UInt8] = []
    while bytes.count <= 1 << 20 {
      guard
        let chunk = try? [UInt8](
          unsafeUninitializedCapacity: 1 << 16,
          initializingWith: { buffer, count in
            count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
          })
      else { return [] }
      if chunk.isEmpty { return (try? JSONDecoder().decode([Told].self, from: Data(bytes))) ?? [] }
      bytes += chunk
    }
    return []
  }
}
