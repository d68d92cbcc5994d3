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
  private struct Told: Codable, Equatable {
    /// Hash of what makes it one: inventory, part, selection, command.
    var about: String
    /// For people who look into the file.
    var mesh: String
    /// Hash of the situation; empty where all is well again.
    var situation: String
    var time: String
    /// The run that is telling it; nil once it was told.
    ///
    /// A run that was killed meanwhile leaves this, and the next one tells.
    var telling: String?
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

  /// What was told last; nil where all was well, or nothing is known; something that is no hash while
  /// a run is telling, or was killed at it.
  package func last(now: Timestamp) -> String? {
    guard let place = try? PrivateFolder(folder, for: .trusting),
      let told = read(place).first(where: { $0.about == about })
    else { return nil }
    // A command has 30 seconds; whoever tells for longer was killed.
    let since = Timestamp(rfc3339: told.time).map { now.seconds(since: $0) }
    let isBeingTold = since.map { (0..<60).contains($0) } ?? false
    guard told.telling == nil || isBeingTold else { return "telling " + told.situation }
    return told.situation.isEmpty ? nil : told.situation
  }

  /// Remembers what is told; nil for all is well.
  ///
  /// - Parameters:
  ///   - situation: its hash.
  ///   - run: the one that is about to tell it, and says with `settle` whether it could; nil where it
  ///     was told.
  ///   - time: of now.
  /// - Throws: `Failure` with `MESH-NOTIFY-MEMORY`.
  package func remember(_ situation: String?, telling run: String? = nil, at time: Timestamp) throws
  {
    try update { told in
      guard situation != nil || run != nil else { return nil }
      return Told(
        about: about, mesh: String(mesh.prefix(200)), situation: situation ?? "",
        time: time.rfc3339, telling: run)
    }
  }

  /// Says how the telling of a run ended; one that a newer run has taken over since is left alone.
  ///
  /// - Parameters:
  ///   - run: the one that told.
  ///   - isTold: false puts back what was remembered before.
  ///   - before: that.
  /// - Throws: `Failure` with `MESH-NOTIFY-MEMORY`.
  package func settle(_ run: String, isTold: Bool, before: String?) throws {
    try update { told in
      guard var told, told.telling == run else { return told }
      told.telling = nil
      if !isTold { told.situation = before ?? "" }
      return told.situation.isEmpty ? nil : told
    }
  }

  private func update(_ change: (Told?) -> Told?) throws {
    do {
      let place = try PrivateFolder(folder, for: .writing)
      // The folder's own lock: several runs may tell at once.
      try FileLock.take(place.descriptor)
      defer { FileLock.release(place.descriptor) }
      let before = read(place)
      let old = before.first { $0.about == about }
      let new = change(old)
      guard new != old else { return }
      let told = before.filter { $0.about != about } + [new].compactMap(\.self)
      try place.replace(
        SituationMemory.name,
        with: StableJSON.encode(Array(told.suffix(SituationMemory.limit))) + "\n")
    } catch {
      let finding = (error as? Failure)?.diagnostic
      throw Failure(
        .notifyMemory,
        "cannot write \(folder)/\(SituationMemory.name): " + (finding?.message ?? "\(error)"),
        detail: "The same trouble is told again after the next run.", evidence: finding?.evidence,
        hint: "set XDG_STATE_HOME to a folder of your own, mode 0700")
    }
  }

  /// Nothing for a file that is missing, too large or no such file.
  private func read(_ place: borrowing PrivateFolder) -> [Told] {
    guard let file = try? place.file(SituationMemory.name, O_RDONLY) else { return [] }
    defer { try? file.close() }
    guard let bytes = try? BoundedFile.bytes(of: file, limit: 1 << 20) else { return [] }
    return (try? JSONDecoder().decode([Told].self, from: Data(bytes))) ?? []
  }
}
