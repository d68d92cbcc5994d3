import Foundation
import MeshAdapters
import MeshCore
import Testing

/// The files of the trail on a real file system.
@Suite("Files of the trail", .timeLimit(.minutes(2)))
struct JournalFileTests {
  /// A state folder that is gone after the test.
  private struct Place: ~Copyable {
    let path = NSTemporaryDirectory() + "/meshctl-journal-\(UUID().uuidString)"

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func mode(_ name: String = "") throws -> Int {
      let attributes = try FileManager.default.attributesOfItem(atPath: path + "/" + name)
      return try #require(attributes[.posixPermissions] as? Int)
    }

    func text(_ name: String) throws -> String {
      try String(contentsOfFile: path + "/" + name, encoding: .utf8)
    }

    func write(_ name: String, _ text: String) throws {
      try Data(text.utf8).write(to: URL(filePath: path + "/" + name))
    }

    var names: [String] {
      ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }
  }

  private static func entry(_ number: Int) -> JournalEntry {
    let run = RunIdentity(
      id: "0123456789ab", author: RunAuthor(user: "ops", uid: 1, host: "ctl", pid: 7),
      mesh: "https://mesh.example.com", inventory: "i", startedAt: Timestamp(seconds: 0))
    var entry = JournalEntry(
      .step, at: Timestamp(seconds: 1_795_892_100 + Int64(number)), of: run, plan: nil)
    entry.host = "h\(number)"
    return entry
  }

  private static func hosts(_ folder: String) throws -> (hosts: [String], skipped: Int) {
    var reader = JournalReader(folder: folder)
    var hosts: [String] = []
    try reader.read {
      hosts.append($0.host ?? "")
      return true
    }
    return (hosts, reader.skipped.map(\.lines).reduce(0, +))
  }

  @Test func isPrivate() async throws {
    let place = Place()
    let journal = JournalFile(folder: place.path)
    try await journal.append(Self.entry(1).line)
    #expect(try place.mode() == 0o700)
    #expect(try place.mode("journal.jsonl") == 0o600)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o644], ofItemAtPath: place.path + "/journal.jsonl")
    try await JournalFile(folder: place.path).append(Self.entry(2).line)
    #expect(try place.mode("journal.jsonl") == 0o600)
    #expect(try Self.hosts(place.path).hosts == ["h1", "h2"])
  }

  /// Eight writers with descriptors of their own, as runs have; each line once, whole, and no more
  /// files than are kept.
  @Test func writersSideBySideLoseNothing() async throws {
    let place = Place()
    let folder = place.path
    let size = Self.entry(1000).line.utf8.count
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<8 {
        group.addTask {
          let journal = JournalFile(folder: folder, limit: size * 100)
          for number in 0..<50 {
            try await journal.append(Self.entry(1000 + writer * 100 + number).line)
          }
        }
      }
      try await group.waitForAll()
    }
    let found = try Self.hosts(folder)
    #expect(found.skipped == 0)
    #expect(found.hosts.count == 400)
    #expect(Set(found.hosts).count == 400)
    #expect(place.names == ["journal.jsonl"] + (1...3).map { "journal.jsonl.\($0)" })
  }

  @Test func oldFilesGo() async throws {
    let place = Place()
    let journal = JournalFile(folder: place.path, limit: 1)
    for number in 0..<20 { try await journal.append(Self.entry(number).line) }
    #expect(place.names.count == 1 + JournalFile.kept)
    #expect(try Self.hosts(place.path).hosts == (14..<20).map { "h\($0)" })
  }

  @Test(arguments: ["link", "dangling", "folder", "pipe", "twoNames"]) func othersAreRefused(
    what: String
  ) async throws {
    let place = Place()
    try FileManager.default.createDirectory(
      atPath: place.path, withIntermediateDirectories: true,
      attributes: [.posixPermissions: 0o700])
    let path = place.path + "/journal.jsonl"
    try place.write("victim", "kept\n")
    switch what {
    case "link":
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: place.path + "/victim")
    case "dangling":
      try FileManager.default.createSymbolicLink(
        atPath: path, withDestinationPath: place.path + "/new")
    case "folder":
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    case "pipe": #expect(mkfifo(path, 0o600) == 0)
    default: try FileManager.default.linkItem(atPath: place.path + "/victim", toPath: path)
    }
    let journal = JournalFile(folder: place.path)
    await #expect(throws: Failure.self) { try await journal.append(Self.entry(1).line) }
    #expect(try place.text("victim") == "kept\n")
    #expect(!place.names.contains("new"))
  }

  @Test func aFolderThatOthersWriteInIsRefused() async throws {
    let place = Place()
    try FileManager.default.createDirectory(
      atPath: place.path, withIntermediateDirectories: true)
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: place.path)
    let journal = JournalFile(folder: place.path)
    await #expect(throws: Failure.self) { try await journal.append(Self.entry(1).line) }
    #expect(place.names.isEmpty)
  }

  /// A torn line costs itself and not the one after it.
  @Test func tornAndForeignLinesAreLeftOut() async throws {
    let place = Place()
    let journal = JournalFile(folder: place.path)
    try await journal.append(Self.entry(1).line)
    let long = String(repeating: "x", count: 3 << 20)
    try place.write(
      "journal.jsonl", try place.text("journal.jsonl") + "\u{1B}[2J\n" + long + "\n{\"v\":1,\"ty")
    try await journal.append(Self.entry(2).line)
    let found = try Self.hosts(place.path)
    #expect(found.hosts == ["h1", "h2"])
    #expect(found.skipped == 3)
    #expect(try Self.hosts(place.path + "-none").hosts.isEmpty)
  }

  /// Somebody moves the file aside after it was opened and before its lock was had.
  @Test func aRotationInBetweenShowsEachEntryOnce() async throws {
    let place = Place()
    try await JournalFile(folder: place.path).append(Self.entry(1).line)
    var rotations = 0
    var reader = JournalReader(
      folder: place.path,
      beforeLock: {
        guard rotations < 2 else { return }
        rotations += 1
        let current = place.path + "/journal.jsonl"
        if rotations == 2 {
          try FileManager.default.moveItem(atPath: current + ".1", toPath: current + ".2")
        }
        try FileManager.default.moveItem(atPath: current, toPath: current + ".1")
        try place.write("journal.jsonl", Self.entry(1 + rotations).line)
      })
    var hosts: [String] = []
    try reader.read {
      hosts.append($0.host ?? "")
      return true
    }
    #expect(hosts == ["h1", "h2", "h3"])
  }

  // MARK: Metrics and memory

  /// A run that was killed while it told, or overtaken, leaves what makes the next one right.
  @Test func whatIsBeingToldIsNotTold() throws {
    let place = Place()
    let now = Timestamp(seconds: 1_795_892_100)
    let memory = SituationMemory(folder: place.path, mesh: "https://a", about: ["i"])
    try memory.remember("x", telling: "one", at: now)
    #expect(memory.last(now: now.adding(seconds: 30)) == "x", "somebody is telling it")
    let killed = memory.last(now: now.adding(seconds: 61))
    #expect(killed != "x" && killed != nil, "told again, or told to be over")
    try memory.settle("one", isTold: true, before: nil)
    #expect(memory.last(now: now) == "x")
    // A newer run has told something else meanwhile.
    try memory.remember("y", telling: "two", at: now)
    try memory.remember("z", at: now)
    try memory.settle("two", isTold: true, before: "x")
    #expect(memory.last(now: now) == "z")
    // Nobody was told: what was told before stands.
    try memory.remember(nil, telling: "three", at: now)
    #expect(memory.last(now: now.adding(seconds: 61)) != nil)
    try memory.settle("three", isTold: false, before: "z")
    #expect(memory.last(now: now) == "z")
    try memory.remember(nil, telling: "four", at: now)
    try memory.settle("four", isTold: true, before: "z")
    #expect(memory.last(now: now) == nil)
    #expect(place.names == ["notified.json"])
  }

  /// What a killed run left in the way is taken away, and not written through.
  @Test func aLeftOverOfTheMemoryIsNoHindrance() throws {
    let place = Place()
    let memory = SituationMemory(folder: place.path, mesh: "https://a", about: ["i"])
    try memory.remember("x", at: Timestamp(seconds: 1_795_892_100))
    try place.write("precious", "kept")
    try FileManager.default.createSymbolicLink(
      atPath: place.path + "/notified.json.tmp", withDestinationPath: place.path + "/precious")
    try memory.remember("y", at: Timestamp(seconds: 1_795_892_101))
    #expect(memory.last(now: Timestamp(seconds: 1_795_892_101)) == "y")
    #expect(try place.text("precious") == "kept")
    #expect(place.names == ["notified.json", "precious"])
  }

  @Test func theMetricsFileIsReplacedWhole() throws {
    let place = Place()
    try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
    let path = place.path + "/meshctl.prom"
    let labels = RunMetrics.Labels(mesh: "https://mesh.example.com")
    let now = Timestamp(seconds: 1_795_892_100)
    var metrics = RunMetrics(labels: labels, exit: 0, seconds: 1, endedAt: now)
    metrics.lastSuccess = now
    for _ in 0..<3 { try MetricsFile(path).write(metrics) }
    #expect(try place.mode("meshctl.prom") == 0o644)
    #expect(place.names == ["meshctl.prom"])
    #expect(
      RunMetrics.lastSuccess(in: MetricsFile(path).previous, labels: labels, now: now) == now)
    // Renaming would put a file in the place of a link or of a device.
    let link = place.path + "/link.prom"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
    for refused in [link, "/dev/null", place.path, place.path + "/none/x.prom"] {
      #expect(throws: Failure.self) { try MetricsFile(refused).write(metrics) }
    }
    #expect(place.names == ["link.prom", "meshctl.prom"])
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
  }

  @Test func whatWasToldIsRememberedByLineOfWork() throws {
    let place = Place()
    let now = Timestamp(seconds: 1_795_892_100)
    let one = SituationMemory(folder: place.path, mesh: "https://a", about: ["inventory.yaml"])
    let other = SituationMemory(folder: place.path, mesh: "https://a", about: ["other.yaml"])
    #expect(one.last(now: now) == nil)
    // All was well and is: nothing is written.
    try one.remember(nil, at: now)
    #expect(place.names.isEmpty)
    try one.remember("x", at: now)
    try other.remember("y", at: now)
    #expect(one.last(now: now) == "x" && other.last(now: now) == "y")
    #expect(try place.mode("notified.json") == 0o600)
    try one.remember(nil, at: now)
    #expect(one.last(now: now) == nil && other.last(now: now) == "y")
    for number in 0..<250 {
      let many = SituationMemory(folder: place.path, mesh: "https://a", about: ["\(number)"])
      try many.remember("z", at: now)
    }
    #expect(try place.text("notified.json").split(separator: "\"about\"").count - 1 == 200)
    try place.write("notified.json", "junk")
    #expect(one.last(now: now) == nil)
    try one.remember("x", at: now)
    #expect(one.last(now: now) == "x")
    #expect(place.names == ["notified.json"])
  }

  // MARK: Telling

  @Test func theCommandGetsTheDocumentAndNoSecret() async throws {
    let command = NotifyCommand(
      "cat; env | cut -d= -f1 | grep -E '^(KEY|SHOWN)$'; exit 0",
      environment: ["PATH": "/usr/bin:/bin", "KEY": "hskey-api-x", "SHOWN": "y"],
      withheld: ["KEY"])
    #expect(try await command.tell("{}\n") == "{}\nSHOWN\n")
  }

  @Test func aCommandThatFailsOrHangsIsAFailure() async throws {
    let environment = ["PATH": "/usr/bin:/bin"]
    let failing = NotifyCommand("echo why >&2; exit 7", environment: environment, withheld: [])
    await #expect {
      _ = try await failing.tell("")
    } throws: { error in
      let finding = (error as? Failure)?.diagnostic
      return finding?.message.contains("exit 7") == true && finding?.evidence == "why"
    }
    let place = Place()
    try FileManager.default.createDirectory(atPath: place.path, withIntermediateDirectories: true)
    // Its whole group ends, the child of the shell too.
    let hanging = NotifyCommand(
      "sleep 600 & echo $! > \(place.path)/pid; wait", environment: environment,
      withheld: [], timeout: 2)
    await #expect(throws: Failure.self) { _ = try await hanging.tell("") }
    let pid = try #require(
      pid_t(try place.text("pid").trimmingCharacters(in: .whitespacesAndNewlines)))
    while Self.isAlive(pid) { try await Task.sleep(for: .milliseconds(20)) }
  }

  /// False for one that has ended and that nobody has waited for yet.
  private static func isAlive(_ pid: pid_t) -> Bool {
    guard kill(pid, 0) == 0 else { return false }
    let status = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8)
    return status?.contains(") Z ") != true
  }
}
