import Crypto
import Foundation
import MeshCore
import SystemPackage

/// The locks of one run of a mesh, whole or a shard of it.
///
/// | run | the mesh's file | its shard's file |
/// |---|---|---|
/// | of the whole mesh | exclusive | – |
/// | of shard I of N | shared | exclusive |
///
/// So a run of the whole excludes every other, and shards exclude only their own like. Shards of
/// another N overlap with this one, so none of their files may be held: each run takes its own lock
/// first and looks at the others then. Of two that begin at the same instant both may give way, but
/// never neither.
struct MeshLock {
  /// Which mesh, and which part of it.
  struct Place {
    var directory: String
    /// Of the mesh: its URL, hashed.
    var base: String
    var shard: Shard?

    init(apiURL: String, directory: String, shard: Shard?) {
      self.directory = directory
      self.shard = shard
      base = SHA256.hash(data: Data(apiURL.utf8)).prefix(12)
        .map { String(format: "%02x", $0) }.joined()
    }

    var meshName: String { base + ".lock" }

    func name(of shard: Shard) -> String { "\(base).\(shard.index)-of-\(shard.count).lock" }

    /// The shard whose file this is; nil for every other name.
    func shard(named name: String) -> Shard? {
      guard name.hasPrefix(base + "."), name.hasSuffix(".lock") else { return nil }
      let middle = name.dropFirst(base.count + 1).dropLast(".lock".count)
      guard let shard = Shard(text: String(middle).replacing("-of-", with: "/")),
        self.name(of: shard) == name
      else { return nil }
      return shard
    }

    /// The shards that ever ran here.
    func shards() -> [Shard] {
      // A folder that cannot be listed could not be opened for the lock either.
      ((try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [])
        .compactMap(shard(named:))
        .sorted { ($0.count, $0.index) < ($1.count, $1.index) }
    }
  }

  enum Attempt {
    case taken(MeshLock)
    case held(Diagnostic)
  }

  /// The file that is this run's own, with its ledger.
  let own: LockFile
  /// The mesh's file, where only a part of the mesh is this run's.
  let mesh: LockFile?

  /// Tries once; what was taken is given back with the file where the whole fails.
  static func attempt(_ place: Place) throws -> Attempt {
    let mesh = try LockFile.open(place.meshName, in: place.directory)
    guard let shard = place.shard else {
      if try mesh.isLocked(.exclusive) { return .taken(MeshLock(own: mesh, mesh: nil)) }
      // Shards write into their own files only, so the mesh's file names an earlier holder then.
      if let holder = try holder(of: place.shards(), place) { return .held(holder) }
      return .held(held(mesh, by: nil))
    }
    guard try mesh.isLocked(.shared) else { return .held(held(mesh, by: nil)) }
    let own = try LockFile.open(place.name(of: shard), in: place.directory)
    guard try own.isLocked(.exclusive) else { return .held(held(own, by: shard)) }
    let others = place.shards().filter { $0.count != shard.count }
    if let holder = try holder(of: others, place) { return .held(holder) }
    return .taken(MeshLock(own: own, mesh: mesh))
  }

  /// Gives all locks back.
  func release() throws {
    try mesh?.unlock()
    try own.unlock()
  }

  /// The first of these shards that runs.
  private static func holder(of shards: [Shard], _ place: Place) throws -> Diagnostic? {
    for shard in shards {
      let file = try LockFile.open(place.name(of: shard), in: place.directory)
      if try !file.isLocked(.shared) { return held(file, by: shard) }
    }
    return nil
  }

  private static func held(_ file: LockFile, by shard: Shard?) -> Diagnostic {
    // Who it is only helps; that it is held stands already.
    let holder = (try? file.read()).flatMap(\.self)
    let who = holder.map { "process \($0.pid) since \($0.since)" } ?? "another process"
    let part = shard.map { "shard \($0.text), " } ?? ""
    return Diagnostic(
      .lockHeld, .error, "another meshctl run holds the lock: \(part)\(who)",
      detail: "Two runs at once would undo each other's work.", evidence: file.path.string,
      hint: "wait for it, or use --lock-timeout")
  }
}
