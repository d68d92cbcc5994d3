import Foundation
import Testing

/// Runs meshctl as a schedule does, and keeps what each run cost.
actor Cron {
  /// What one run did and left.
  struct Record: Sendable {
    var exit: Int32
    var isSilent: Bool
    /// The most memory that its process ever had, in KiB.
    var peak: Int
    /// Of the state folder, after it.
    var stateFiles: Int
    var stateBytes: Int
  }

  nonisolated let lab: Lab
  nonisolated let inventory: LabInventory
  private(set) var records: [Record] = []
  private var joins = 0
  private var known: (keys: Int, rest: [String])?

  init(lab: Lab, inventory: LabInventory) {
    self.lab = lab
    self.inventory = inventory
  }

  var count: Int { records.count }

  /// What the server has before the first run.
  func begin() async throws { known = try await objects() }

  // MARK: Runs

  /// One run; `meanwhile` is run beside it, `ended` looks at how it ended.
  func run(
    meanwhile: @Sendable (RunningMeshctl) async throws -> Void = { _ in },
    _ ended: (Ending) -> Void
  ) async throws {
    let (lab, inventory) = (lab, inventory)
    let peak = Peak()
    let ending = try await lab.meshctl("apply", inventory, "--auto-approve", "--quiet") { running in
      let watch = Task { await peak.watch(running.pid) }
      defer { watch.cancel() }
      try await meanwhile(running)
      await watch.value
    }
    let (files, bytes) = try stateSize()
    records.append(
      Record(
        exit: ending.exit, isSilent: ending.output.isEmpty && ending.error.isEmpty,
        peak: await peak.most, stateFiles: files, stateBytes: bytes))
    ended(ending)
    let left = try lab.leftFiles()
    #expect(left.isEmpty, "run \(count) left \(left)")
    #expect(lab.leftProcesses().isEmpty, "run \(count) left \(lab.leftProcesses())")
  }

  /// The mesh matches: not a word, no connection, no key.
  func silentRun() async throws {
    let logins = try await allLogins()
    let keys = try await lab.server.keys()
    try await run {
      #expect($0.exit == 0 && $0.output.isEmpty && $0.error.isEmpty, "run \(count): \($0.all)")
    }
    #expect(try await allLogins() == logins, "run \(count) connected")
    #expect(try await lab.server.keys() == keys, "run \(count) minted a key")
  }

  /// Something is wrong, everything can be reached: this run makes it right, and says so.
  func repairingRun(joins: Int = 0) async throws {
    self.joins += joins
    try await run {
      #expect($0.exit == 0, "run \(count): \($0.all)")
      #expect($0.output.contains("Apply: "), "run \(count): \($0.all)")
      // Where it stands in the journal, and no more.
      let said = $0.error.split(separator: "\n")
      #expect(
        said.count == 1 && said[0].hasPrefix("Recorded: meshctl log --run "),
        "run \(count): \($0.all)")
    }
    try await expectRight()
  }

  /// Something cannot be reached.
  func failingRun(exit: Int32, _ words: String) async throws {
    try await run {
      #expect($0.exit == exit, "run \(count): \($0.all)")
      #expect($0.all.contains(words), "run \(count): \($0.all)")
    }
  }

  // MARK: What is so

  /// By REST and by a plan: every node as the inventory says, nobody twice, nothing to join by.
  func expectRight() async throws {
    try await expectStandardNodes(lab)
    try await expectNoChanges(lab, inventory)
    let usable = try await lab.server.keys().filter { $0.isUsable() }
    #expect(usable.isEmpty, "usable keys remain: \(usable)")
  }

  /// Nothing on the server but the keys of joins, which it keeps used.
  func expectNoGrowth() async throws {
    let known = try #require(known)
    let now = try await objects()
    #expect(now.rest == known.rest)
    #expect(now.keys - known.keys <= joins, "\(now.keys - known.keys) keys for \(joins) joins")
    try await expectSettled(lab, inventory)
  }

  func id(_ host: String) async throws -> String { try await lab.node(host).id }

  func until(_ host: String, _ holds: (ControlServer.Node) -> Bool) async throws {
    let came = try await eventually(within: 15) { holds(try await lab.node(host)) }
    let node = try await lab.node(host)
    try #require(came, "\(node)")
  }

  /// Waits until a run's own pid stands in a lock file.
  nonisolated func untilLocked(by running: RunningMeshctl) async throws {
    let folder = lab.work("state/meshctl/locks")
    let came = try await eventually(within: 30, every: 0.005) {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      return names.contains {
        let text = (try? String(contentsOfFile: folder + "/" + $0, encoding: .utf8)) ?? ""
        // Keys of a JSON object come in any order.
        return [",", "}"].contains { text.contains("\"pid\":\(running.pid)\($0)") }
      }
    }
    try #require(came, "the run never took its lock")
  }

  /// Users and policy, and how many nodes and keys there are.
  private func objects() async throws -> (keys: Int, rest: [String]) {
    let everything = try await lab.server.everything()
    let nodes = try await lab.server.nodes().map(\.givenName).sorted()
    return (try await lab.server.keys().count, nodes + everything.suffix(2))
  }

  private func allLogins() async throws -> [String: Int] {
    var all: [String: Int] = [:]
    for host in inventory.hosts { all[host.name] = try await lab.logins(host.name) }
    return all
  }

  private func stateSize() throws -> (files: Int, bytes: Int) {
    let root = lab.work("state")
    var (files, bytes) = (0, 0)
    for name in try FileManager.default.subpathsOfDirectory(atPath: root) {
      let attributes = try FileManager.default.attributesOfItem(atPath: root + "/" + name)
      guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
      files += 1
      bytes += attributes[.size] as? Int ?? 0
    }
    return (files, bytes)
  }
}

/// The most memory of a process, read again and again while it lives; an `exec` begins a new count.
private actor Peak {
  private(set) var most = 0

  func watch(_ pid: Int32) async {
    while !Task.isCancelled, Processes.isAlive(pid) {
      let status = String(decoding: Processes.bytes("/proc/\(pid)/status"), as: UTF8.self)
      let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
      let size = line?.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
      most = max(most, size ?? 0)
      // A run that ended the test is not waited for.
      try? await Task.sleep(for: .milliseconds(5))
    }
  }
}

/// What all acts together cost.
actor Soak {
  static let shared = Soak()
  private var records: [Cron.Record] = []

  func add(_ more: [Cron.Record]) { records += more }

  /// Between the first silent runs and the last ones nothing may have grown.
  func expectNoGrowth() {
    let silent = records.filter { $0.exit == 0 && $0.isSilent }
    let (first, last) = (silent.prefix(3), silent.suffix(3))
    guard let peak = first.map(\.peak).max(), let lastPeak = last.map(\.peak).max() else {
      Issue.record("there was no silent run")
      return
    }
    #expect(peak > 1000, "nobody measured: \(peak) KiB")
    #expect(lastPeak <= peak + peak / 10 + 2048, "memory: \(peak) KiB at first, then \(lastPeak)")
    // A pid has more or fewer digits; changes stand in the journal, which is bounded by its own tests.
    let files = first.map(\.stateFiles).max() ?? 0
    #expect((last.map(\.stateFiles).max() ?? 0) <= files + 2, "\(records)")
    #expect(last.map(\.stateFiles).min() == last.map(\.stateFiles).max(), "\(records)")
    let bytes = last.map(\.stateBytes)
    #expect((bytes.max() ?? 0) - (bytes.min() ?? 0) <= 64, "silent runs write: \(bytes)")
    print(
      "soak: \(records.count) runs, \(silent.count) of them silent; peak \(peak) → \(lastPeak) KiB, "
        + "state \(first.map(\.stateBytes)) → \(bytes) bytes in \(last.map(\.stateFiles)) files")
  }
}
