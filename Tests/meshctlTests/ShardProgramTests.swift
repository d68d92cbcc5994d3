import Foundation
import MeshCore
import MeshSimulation
import Subprocess
import SystemPackage
import Testing

/// `--shard` as a user runs it; locks between real processes.
@Suite struct ShardProgramTests {
  static let fleet =
    "version: 1\nserver: {url: \"https://mesh.example.com\"}\nhosts:\n"
    + (0..<12).map { "  host-\($0): {address: 192.0.2.\($0 + 1), tags: [tag:web]}\n" }.joined()

  @Test func shardsJoinEveryHostOnce() async throws {
    let scratch = try Scratch()
    _ = try scratch.file("inventory.yaml", Self.fleet)
    let world = ["--simulate", "--world", "world.json"]
    var joined = 0
    for index in 0..<3 {
      // As an Indexed Job runs it: the same arguments for everyone.
      let ending = try await MeshctlProgram.run(
        ["apply", "--auto-approve", "--shard", "/3", "--prune"] + world,
        environment: ["JOB_COMPLETION_INDEX": "\(index)"], in: scratch.path)
      #expect(ending.exit == 0, "\(ending.output)\(ending.errors)")
      #expect(ending.output.contains("(shard \(index)/3: "), "\(ending.output)")
      let count = try #require(ending.output.firstMatch(of: /Apply: (\d+) changed/)?.output.1)
      joined += try #require(Int(count))
    }
    #expect(joined == 12)
    let plan = try await MeshctlProgram.run(
      ["plan", "--detailed-exitcode"] + world, in: scratch.path)
    #expect(plan.exit == 0 && plan.output.contains("12 hosts in sync"), "\(plan.output)")
    let status = try await MeshctlProgram.run(
      ["status", "--shard", "0/3", "--format", "json"] + world, in: scratch.path)
    #expect(status.output.matches(of: /"inSync"/).count < 12, "\(status.output)")
  }

  /// More shards than hosts is nothing to complain about: some have nothing to do.
  @Test func aShardMayBeEmpty() async throws {
    let scratch = try Scratch()
    _ = try scratch.file("inventory.yaml", Scratch.quickstart)
    var empty = 0
    for index in 0..<8 {
      for verb in ["plan", "status"] {
        let ending = try await MeshctlProgram.run(
          [verb, "--simulate", "--shard", "\(index)/8"], in: scratch.path)
        #expect(ending.exit == 0, "\(ending.errors)")
        if ending.output.contains("No changes. 0 hosts in sync") { empty += 1 }
      }
    }
    #expect(empty >= 6)
    let unknown = try await MeshctlProgram.run(
      ["plan", "--simulate", "--shard", "0/8", "--limit", "nobody"], in: scratch.path)
    #expect(unknown.exit == 1 && unknown.errors.contains("MESH-SEL-UNKNOWN"))
  }

  @Test func aSavedPlanBringsItsShard() async throws {
    let scratch = try Scratch()
    _ = try scratch.file("inventory.yaml", Self.fleet)
    let world = ["--simulate", "--world", "world.json"]
    let saved = try await MeshctlProgram.run(
      ["plan", "--shard", "1/3", "--out", "p.json"] + world, in: scratch.path)
    #expect(saved.exit == 0, "\(saved.errors)")
    let refused = try await MeshctlProgram.run(
      ["apply", "p.json", "--auto-approve", "--shard", "1/3"] + world, in: scratch.path)
    #expect(refused.exit == 64 && refused.errors.contains("leave out --shard"), "\(refused.errors)")
    let applied = try await MeshctlProgram.run(
      ["apply", "p.json", "--auto-approve"] + world, in: scratch.path)
    #expect(applied.exit == 0, "\(applied.errors)")
    let rest = try await MeshctlProgram.run(
      ["plan", "--shard", "1/3", "--detailed-exitcode"] + world, in: scratch.path)
    #expect(rest.exit == 0, "\(rest.output)")
    let others = try await MeshctlProgram.run(
      ["plan", "--shard", "0/3", "--detailed-exitcode"] + world, in: scratch.path)
    #expect(others.exit == 2, "\(others.output)")
  }

  @Test(
    arguments: [
      (["--shard", "4/4"], nil, "so the last of 4 is 3"),
      (["--shard", "0/0"], nil, "at least one part"),
      (["--shard", "4"], nil, "write I/N"), (["--shard", "0/1001"], nil, "at most 1000 parts"),
      (["--shard", "/4"], nil, "JOB_COMPLETION_INDEX, which is not set"),
      (["--shard", "/4"], "x", "JOB_COMPLETION_INDEX is x, which is no number"),
      (["--shard", "/4"], "4", "JOB_COMPLETION_INDEX is 4"),
      (["--shard", "0/4", "--prune", "--limit", "a"], nil, "--prune works on the whole inventory"),
    ] as [([String], String?, String)])
  func usageIs64(flags: [String], index: String?, words: String) async throws {
    for verb in ["plan", "apply", "status"] where verb != "status" || !flags.contains("--prune") {
      let ending = try await MeshctlProgram.run(
        [verb] + flags, environment: index.map { ["JOB_COMPLETION_INDEX": $0] } ?? [:])
      #expect(ending.exit == 64, "\(verb)")
      #expect(ending.errors.contains(words), "\(ending.errors)")
      #expect(ending.output.isEmpty)
    }
  }

  // MARK: Locks

  /// An apply that waits for a mesh in which everybody is offline to wake up, and holds its locks meanwhile.
  private struct Holder {
    let pid: Int32

    static func holding(
      _ flags: [String], _ environment: [String: String], in folder: String,
      _ body: (Holder) async throws -> Void
    ) async throws {
      var all: [Environment.Key: String] = ["PATH": "/usr/bin:/bin", "HOME": folder]
      for (name, value) in environment { all[Environment.Key(stringLiteral: name)] = value }
      let result = try await Subprocess.run(
        .path(.init(MeshctlProgram.path)),
        arguments: .init(["apply", "patient.yaml", "--auto-approve"] + flags),
        environment: .custom(all), workingDirectory: .init(folder), input: .none,
        output: .string(limit: 1 << 20), error: .string(limit: 1 << 20)
      ) { execution in
        let holder = Holder(pid: execution.processIdentifier.value)
        try await holder.waitForLock(folder)
        try await body(holder)
        try execution.send(signal: .terminate)
      }
      #expect(result.terminationStatus == .exited(143), "\(result.standardError)")
    }

    /// Its own pid stands in a lock file once it holds it.
    private func waitForLock(_ folder: String) async throws {
      let locks = folder + "/.local/state/meshctl/locks"
      for _ in 0..<600 {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: locks)) ?? []
        for file in files {
          let text = (try? String(contentsOfFile: locks + "/" + file, encoding: .utf8)) ?? ""
          // Keys of a JSON object come in any order.
          if text.contains("\"pid\":\(pid),") || text.contains("\"pid\":\(pid)}") { return }
        }
        try await Task.sleep(for: .milliseconds(50))
      }
      Issue.record("the first run never took its lock")
    }
  }

  @Test func realProcessesExcludeEachOther() async throws {
    let nodes = ["web-1", "web-2"].enumerated().map { number, name in
      var node = ImportServer.node(number + 1, name)
      node.presence = .offline
      node.lastSeen = ImportServer.now.adding(seconds: -60)
      return node
    }
    try await ImportServer.serving(.v0_29, nodes: nodes) { server in
      let scratch = try Scratch()
      for (file, patience) in [("patient.yaml", "5m"), ("brief.yaml", "1s")] {
        _ = try scratch.file(
          file,
          """
          version: 1
          server: {url: "\(server.url)"}
          guards: {confirm_after: \(patience), offline_after: 10s}
          hosts:
            web-1: {address: 127.0.0.1, port: 1, tags: [tag:web]}
            web-2: {address: 127.0.0.1, port: 1, tags: [tag:db]}

          """)
      }
      let (folder, environment) = (scratch.path, server.environment)
      func second(_ flags: String...) async throws -> MeshctlProgram.Ending {
        try await MeshctlProgram.run(
          ["apply", "brief.yaml", "--auto-approve"] + flags,
          environment: environment.merging(["HOME": folder]) { $1 }, in: folder)
      }
      try await Holder.holding(["--shard", "0/2"], environment, in: folder) { first in
        for flags in [[], ["--shard", "0/2"], ["--shard", "1/3"]] {
          let ending = try await MeshctlProgram.run(
            ["apply", "brief.yaml", "--auto-approve"] + flags,
            environment: environment.merging(["HOME": folder]) { $1 }, in: folder)
          #expect(ending.exit == 5, "\(flags): \(ending.errors)")
          #expect(
            ending.errors.contains(
              "shard 0/2, process \(first.pid) since "),
            "\(ending.errors)")
        }
        // Nothing listens on its hosts, so it does not come to match; but it ran.
        let other = try await second("--shard", "1/2")
        #expect([0, 3, 4].contains(other.exit), "\(other.errors)")
      }
      // A kill gives the locks back; the whole mesh keeps its shards out, too.
      try await Holder.holding([], environment, in: folder) { first in
        let ending = try await second("--shard", "1/2")
        #expect(ending.exit == 5, "\(ending.errors)")
        #expect(
          ending.errors.contains(
            "holds the lock: process \(first.pid) since "),
          "\(ending.errors)")
      }
      let after = try await second("--shard", "0/2")
      #expect([0, 3, 4].contains(after.exit), "\(after.errors)")
    }
  }
}
