import Foundation
import MeshAdapters
import MeshCore
import MeshEngine
import Testing

/// Which runs exclude each other.
///
/// Locks belong to open files, so one process stands for several here; `ShardProgramTests` does it with
/// real ones.
@Suite struct RunLockTests {
  /// A folder for lock files that is gone after the test.
  private struct Place: ~Copyable {
    let folder: URL

    init() {
      folder = FileManager.default.temporaryDirectory.appending(path: "meshctl-lock-\(UUID())")
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func take(
      _ shard: String? = nil, url: String = "https://mesh.example.com", timeout: Int = 0
    ) async throws -> RunLock {
      try await RunLock.acquire(
        apiURL: url, shard: try shard.map { try #require(Shard(text: $0)) },
        directory: folder.path(), timeout: timeout, clock: SystemClock())
    }

    /// Who holds what this run would need; nil where it was free.
    func refusal(_ shard: String? = nil) async throws -> String? {
      do {
        try await take(shard).release()
        return nil
      } catch let held as LockHeld {
        return held.diagnostic.message
      }
    }

    /// A run that ends without expiring its key.
    func leave(_ key: String, by shard: String) async throws {
      let lock = try await take(shard)
      try await lock.add(keyID: key)
      try await lock.release()
    }

    /// The file of a part, `.0-of-2`, or of the mesh, ``.
    func file(_ part: String) throws -> URL {
      let mesh = try #require(files.first { !$0.contains("-of-") }).dropLast(".lock".count)
      return folder.appending(path: "\(mesh)\(part).lock")
    }

    func contents(_ part: String) throws -> Data { try Data(contentsOf: file(part)) }

    /// The ids in every file, by its part.
    func ledgers() throws -> [String: [String]] {
      struct Ledger: Decodable { var keys: [String] }
      let mesh = try file("").lastPathComponent.dropLast(".lock".count).count
      var all: [String: [String]] = [:]
      for name in files {
        let bytes = try Data(contentsOf: folder.appending(path: name))
        // Shards write nothing into the mesh's file.
        let ledger = bytes.isEmpty ? nil : try JSONDecoder().decode(Ledger.self, from: bytes)
        all[String(name.dropFirst(mesh).dropLast(".lock".count))] = ledger?.keys ?? []
      }
      return all
    }

    var files: [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: folder.path())) ?? []).sorted()
    }
  }

  @Test(
    arguments: [
      (nil, nil, true), (nil, "0/2", true), (nil, "1/2", true), ("0/2", nil, true),
      ("1/2", "1/2", true), ("1/2", "0/2", false), ("0/2", "1/2", false),
      ("0/2", "0/3", true), ("1/2", "2/3", true), ("0/1", "0/2", true), ("1/4", "3/4", false),
    ] as [(String?, String?, Bool)])
  func runsThatOverlapExclude(first: String?, second: String?, isRefused: Bool) async throws {
    let place = Place()
    let lock = try await place.take(first)
    let refusal = try await place.refusal(second)
    #expect((refusal != nil) == isRefused, "\(refusal ?? "")")
    if let refusal {
      let who = first.map { "shard \($0), process \(getpid()) " } ?? "process \(getpid()) "
      #expect(refusal.contains("holds the lock: \(who)since "), "\(refusal)")
    }
    try await lock.release()
    #expect(try await place.refusal(second) == nil)
    #expect(try await place.refusal(nil) == nil)
  }

  /// A run of the whole that waits is let in when the last shard has gone.
  @Test func theWholeWaitsForAllShards() async throws {
    let place = Place()
    let zero = try await place.take("0/2")
    let one = try await place.take("1/2")
    #expect(try await place.refusal()?.contains("shard 0/2, process") == true)
    try await zero.release()
    #expect(try await place.refusal()?.contains("shard 1/2, process") == true)
    try await one.release()
    #expect(try await place.refusal() == nil)
  }

  /// The mesh's file names an earlier holder while shards run; nobody is to be sent after him.
  @Test func anEarlierHolderIsNotNamed() async throws {
    let place = Place()
    try await place.take().release()
    let path = place.folder.appending(path: try #require(place.files.first))
    try Data(#"{"pid":4242,"since":"2020-01-01T00:00:00Z","keys":[]}"#.utf8).write(to: path)
    let shard = try await place.take("1/2")
    #expect(try await place.refusal()?.contains("4242") == false)
    try await shard.release()
  }

  /// A run that is killed leaves its ids; whole runs and first shards go on with those of everybody.
  @Test func keysAreAdopted() async throws {
    let place = Place()
    let expiration = SystemClock().now()
    try await place.leave("7", by: "1/2")
    let whole = try await place.take()
    #expect(await whole.leftOver() == ["7"])
    try await whole.add(keyID: "8")
    try await whole.announce(expiration)
    try await whole.release()
    #expect(try place.ledgers() == ["": ["7", "8"], ".1-of-2": []])

    // The others look at their own file only.
    let other = try await place.take("1/2")
    #expect(await other.leftOver().isEmpty)
    try await other.release()
    try await place.leave("9", by: "2/3")
    try await place.leave("10", by: "0/2")
    let first = try await place.take("0/2")
    #expect(await Set(first.leftOver()) == ["7", "8", "9", "10"])
    #expect(await first.announcedBefore().map(\.rfc3339) == [expiration.rfc3339])
    #expect(try place.ledgers()[""]?.isEmpty == true && place.ledgers()[".2-of-3"]?.isEmpty == true)
    for key in ["7", "8", "10"] { try await first.remove(keyID: key) }
    try await first.withdraw(expiration)
    try await first.release()
    let last = try await place.take()
    #expect(await last.leftOver() == ["9"])
    #expect(await last.announcedBefore().isEmpty)
  }

  @Test func keysOfARunningShardAreItsOwn() async throws {
    let place = Place()
    let running = try await place.take("1/2")
    try await running.add(keyID: "5")
    let first = try await place.take("0/2")
    #expect(await first.leftOver().isEmpty)
    #expect(try place.ledgers()[".1-of-2"] == ["5"])
    try await first.release()
    try await running.release()
    let next = try await place.take("0/2")
    #expect(await next.leftOver() == ["5"])
  }

  /// Killed between writing its own file and clearing the other one: the ids stand in both, and count once.
  @Test func anAdoptionThatWasCutShortLosesNothing() async throws {
    let place = Place()
    try await place.leave("7", by: "1/2")
    let before = try place.contents(".1-of-2")
    try await place.take("0/2").release()
    try before.write(to: place.file(".1-of-2"))
    #expect(try place.ledgers() == ["": [], ".0-of-2": ["7"], ".1-of-2": ["7"]])
    let again = try await place.take("0/2")
    #expect(await again.leftOver() == ["7"])
    #expect(try place.ledgers() == ["": [], ".0-of-2": ["7"], ".1-of-2": []])
  }

  @Test func otherMeshesAreFree() async throws {
    let place = Place()
    let lock = try await place.take("0/2")
    try await place.take(url: "https://other.example").release()
    try await lock.release()
  }

  /// Files of another mesh, of nobody, and names that only look like a shard's.
  @Test func strayFilesAreNoShards() async throws {
    let place = Place()
    try await place.take("0/2").release()
    let base = try #require(place.files.first { !$0.contains("-of-") }).dropLast(5)
    for name in ["\(base).9-of-2.lock", "\(base).-of-.lock", "\(base).0-of-02.lock", "\(base).x"] {
      try Data("junk".utf8).write(to: place.folder.appending(path: name))
    }
    #expect(try await place.refusal("0/3") == nil)
    #expect(try await place.refusal() == nil)
  }

  /// The lock file deleted by hand: the next run makes it anew, also where it was open already.
  @Test func aDeletedFileIsMadeAgain() async throws {
    let place = Place()
    let waiting = try await place.take()
    let file = place.folder.appending(path: try #require(place.files.first))
    async let next = place.refusal()
    try FileManager.default.removeItem(at: file)
    try await waiting.release()
    #expect(try await next == nil)
    #expect(try await place.refusal() == nil)
    #expect(place.files == [file.lastPathComponent])
  }

  @Test func filesDoNotGrow() async throws {
    let place = Place()
    for _ in 0..<20 {
      for shard in [nil, "0/2", "1/2"] {
        let lock = try await place.take(shard)
        try await lock.add(keyID: "1")
        try await lock.remove(keyID: "1")
        try await lock.release()
      }
    }
    #expect(place.files.count == 3)
    for file in place.files {
      let path = place.folder.appending(path: file).path()
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect((attributes[.size] as? Int ?? 0) < 200)
      #expect(attributes[.posixPermissions] as? Int == 0o600)
    }
    let folder = try FileManager.default.attributesOfItem(atPath: place.folder.path())
    #expect(folder[.posixPermissions] as? Int == 0o700)
  }
}
