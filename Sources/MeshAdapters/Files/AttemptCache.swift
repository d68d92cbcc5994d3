package import MeshCore
package import MeshEngine
import Foundation
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// `cache.json`: the hosts of every mesh that do not come to match.
///
/// It decides only when a host is tried again (design law 4): what cannot be read counts as empty, and
/// deleting it costs an attempt a host. Runs of several meshes and shards share it.
package struct AttemptCache: AttemptMemory {
  private let folder: String
  private let mesh: String
  private let clock: any EngineClock

  /// - Parameters:
  ///   - folder: the state folder (`StateDirectory`).
  ///   - mesh: which mesh, by its server's URL.
  ///   - clock: for leaving out what is too old.
  package init(folder: String, mesh: String, clock: any EngineClock) {
    self.folder = folder
    self.mesh = mesh
    self.clock = clock
  }

  package func recall() -> [String: Attempt] {
    guard let place = try? PrivateFolder(folder, for: .trusting) else { return [:] }
    return (read(place).meshes[mesh] ?? [:]).compactMapValues(\.attempt)
  }

  package func remember(_ changed: [String: Attempt?]) throws {
    do {
      let place = try PrivateFolder(folder, for: .writing)
      let lock = try place.file("cache.lock", O_RDWR | O_CREAT)
      defer { AttemptCache.close(lock) }
      try FileLock.take(lock)
      var contents = read(place)
      var hosts = contents.meshes[mesh] ?? [:]
      for (host, attempt) in changed { hosts[host] = attempt.map(Entry.init) }
      contents.meshes[mesh] = hosts
      let oldest = clock.now().adding(seconds: -AttemptCache.longest)
      contents.meshes = contents.meshes.mapValues { hosts in
        hosts.filter { $0.value.attempt.map { $0.last >= oldest } ?? false }
      }.filter { !$0.value.isEmpty }
      try write(contents, place)
    } catch let error as Errno {
      throw Failure(
        .fileUnwritable, "cannot write \(folder)/cache.json: \(error)",
        detail: "Hosts that keep failing are tried in every run meanwhile.",
        hint: "set XDG_STATE_HOME to a folder of your own")
    }
  }

  // MARK: The file

  /// What is not tried for so long is no host of any inventory any more.
  private static let longest: Int64 = 60 * 86_400

  private struct Contents: Codable {
    var formatVersion = 1
    /// By server URL, then by host key.
    var meshes: [String: [String: Entry]] = [:]
  }

  private struct Entry: Codable {
    var situation: String
    var since: String
    var last: String
    var count: Int
    var code: String
    var waits: Bool

    init(_ attempt: Attempt) {
      situation = attempt.situation
      since = attempt.since.rfc3339
      last = attempt.last.rfc3339
      count = attempt.count
      code = attempt.code.rawValue
      waits = attempt.waits
    }

    /// Nil for what meshctl did not write: the code is shown to people.
    var attempt: Attempt? {
      guard let since = Timestamp(rfc3339: since), let last = Timestamp(rfc3339: last), count > 0,
        let code = Cause.all.first(where: { $0.code.rawValue == code })?.code
      else { return nil }
      return Attempt(
        situation: situation, since: since, last: last, count: count, code: code, waits: waits)
    }
  }

  private func read(_ place: borrowing PrivateFolder) -> Contents {
    guard let file = try? place.file("cache.json", O_RDONLY) else { return Contents() }
    defer { AttemptCache.close(file) }
    guard let bytes = try? BoundedFile.bytes(of: file, limit: 64 << 20),
      let contents = try? JSONDecoder().decode(Contents.self, from: Data(bytes)),
      contents.formatVersion == 1
    else { return Contents() }
    return contents
  }

  private func write(_ contents: Contents, _ place: borrowing PrivateFolder) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let text = String(decoding: try encoder.encode(contents), as: UTF8.self) + "\n"
    try place.replace("cache.json", with: text)
  }

  private static func close(_ descriptor: FileDescriptor) {
    // Nothing is buffered, so there is nothing to lose when closing fails.
    _ = try? descriptor.close()
  }
}
