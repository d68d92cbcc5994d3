import Foundation
import MeshSimulation
import Subprocess
import Testing

/// Journal, log, metrics and notifications as a user has them, against a server on loopback.
@Suite struct TrailProgramTests {
  /// An inventory of one pinned node, whose changes need no SSH.
  private static func inventory(_ url: String, tags: String) -> String {
    let key = "mkey:a" + String(repeating: "0", count: 62) + "1"
    return """
      version: 1
      server: {url: "\(url)"}
      hosts:
        gw-1: {machine_key: "\(key)", tags: [\(tags)], routes: [10.0.0.0/24]}

      """
  }

  private static let flags = [
    "apply", "--auto-approve", "--metrics-file", "m.prom", "--notify",
    "cat > note.json; echo x >> told; env > env.txt",
  ]

  private final class Folder: Sendable {
    let scratch: Scratch
    init() throws { scratch = try Scratch() }

    func text(_ name: String) -> String {
      (try? String(contentsOfFile: scratch.path + "/" + name, encoding: .utf8)) ?? ""
    }
    var journal: String { text("state/meshctl/journal.jsonl") }
    var told: Int { text("told").count { $0 == "x" } }

    func run(
      _ arguments: [String], _ environment: [String: String] = [:]
    ) async throws -> MeshctlProgram.Ending {
      try await MeshctlProgram.run(
        arguments,
        environment: environment.merging(
          ["XDG_STATE_HOME": scratch.path + "/state"], uniquingKeysWith: { one, _ in one }),
        in: scratch.path)
    }
  }

  @Test func aChangeLeavesItsTrailAndAMatchNone() async throws {
    let folder = try Folder()
    try await ImportServer.serving(.v0_29) { server in
      _ = try folder.scratch.file("inventory.yaml", Self.inventory(server.url, tags: "tag:db"))
      let first = try await folder.run(Self.flags + ["--quiet"], server.environment)
      #expect(first.exit == 0, "\(first.output)\(first.errors)")
      let journal = folder.journal
      let lines = journal.split(separator: "\n")
      #expect(lines.count == 3, "\(journal)")
      #expect(lines.first?.contains(#""type":"start""#) == true)
      #expect(journal.contains(#"[{"attribute":"tags","new":["tag:db"],"old":["tag:web"]}]"#))
      #expect(journal.contains(#""step":"set-tags""#) && journal.contains(#""node":"1""#))
      #expect(journal.contains(#""plan":"sha256:"#))
      #expect(folder.told == 1)
      #expect(folder.text("note.json").contains(#""reason" : "changed""#))
      let log = try await folder.run(["log", "--host", "gw-*"])
      #expect(log.output.contains("tags: tag:web → tag:db"), "\(log.output)\(log.errors)")
      let asJSON = try await folder.run(["log", "--format", "json"])
      #expect(asJSON.output == journal)

      // A mesh that matches: silent, no line, nobody is told.
      for _ in 0..<2 {
        let again = try await folder.run(Self.flags + ["--quiet"], server.environment)
        #expect(again.exit == 0)
        #expect(again.output.isEmpty && again.errors.isEmpty, "\(again.output)\(again.errors)")
      }
      #expect(folder.journal == journal)
      #expect(folder.told == 1)

      // Nothing that a run leaves holds its key, and no command is given it.
      for name in ["state/meshctl/journal.jsonl", "m.prom", "note.json", "env.txt"] {
        #expect(!folder.text(name).isEmpty)
        #expect(!folder.text(name).contains(server.key), "\(name)")
      }
      let metrics = folder.text("m.prom")
      #expect(metrics.contains("state=\"in_sync\"} 1\n"))
      #expect(metrics.contains("meshctl_api_key_expiry_timestamp_seconds{"))
      try await Self.promtool(metrics)
    }
  }

  /// The server goes away: metrics are written all the same, the last success stays, and the same
  /// trouble is told once, then that it is over.
  @Test func anEarlyFailureIsToldOnce() async throws {
    let folder = try Folder()
    try await ImportServer.serving(.v0_29) { server in
      _ = try folder.scratch.file("inventory.yaml", Self.inventory(server.url, tags: "tag:web"))
      #expect(try await folder.run(Self.flags, server.environment).exit == 0)
      let success = Self.line("meshctl_last_success_timestamp_seconds{", folder)
      let expiry = Self.line("meshctl_api_key_expiry_timestamp_seconds{", folder)
      #expect(success != nil && expiry != nil)
      #expect(folder.told == 0, "nothing was changed, and nothing was wrong before")
      var wrong = server.environment
      wrong["HEADSCALE_API_KEY"] = "hskey-api-wrong"
      for _ in 0..<2 {
        let ending = try await folder.run(Self.flags, wrong)
        #expect(ending.exit == 1)
        #expect(folder.told == 1)
      }
      let metrics = folder.text("m.prom")
      #expect(metrics.contains("meshctl_last_run_failures{"))
      #expect(Self.line("meshctl_last_run_exit_status{", folder)?.hasSuffix(" 1") == true)
      #expect(Self.line("meshctl_last_success_timestamp_seconds{", folder) == success)
      #expect(Self.line("meshctl_api_key_expiry_timestamp_seconds{", folder) == expiry)
      try await Self.promtool(metrics)
      #expect(try await folder.run(Self.flags, server.environment).exit == 0)
      #expect(folder.told == 2)
      #expect(folder.text("note.json").contains(#""reason" : "recovered""#))
      #expect(folder.journal.isEmpty)
    }
  }

  /// An inventory that cannot be read is told of too, with an environment that holds no secret; the runs
  /// that follow know what was told, whatever part they are of.
  @Test(arguments: [[], ["--shard", "0/2"]]) func aBrokenInventoryIsTold(shard: [String])
    async throws
  {
    let folder = try Folder()
    let flags = Self.flags + shard
    let broken = "version: 1\nhosts: {a: {tagz: []}}\n"
    _ = try folder.scratch.file("inventory.yaml", broken)
    try await ImportServer.serving(.v0_29) { server in
      let environment = server.environment.merging(
        ["OFFICE_SUDO": "hunter22"], uniquingKeysWith: { one, _ in one })
      for _ in 0..<2 {
        let ending = try await folder.run(flags, environment)
        #expect(ending.exit == 1)
        #expect(folder.told == 1)
        #expect(folder.text("note.json").contains("MESH-INV-"))
        #expect(folder.text("note.json").contains(#""reason" : "failed""#))
        #expect(!folder.text("env.txt").contains("hunter22"))
        #expect(!folder.text("env.txt").contains("hskey"))
        #expect(folder.text("m.prom").isEmpty)
      }
      _ = try folder.scratch.file("inventory.yaml", Self.inventory(server.url, tags: "tag:web"))
      for _ in 0..<2 {
        let ending = try await folder.run(flags, environment)
        #expect(ending.exit == 0, "\(ending.output)\(ending.errors)")
        #expect(folder.told == 2)
        #expect(folder.text("note.json").contains(#""reason" : "recovered""#))
      }
      _ = try folder.scratch.file("inventory.yaml", broken)
      #expect(try await folder.run(flags, environment).exit == 1)
      #expect(folder.told == 3)
      #expect(folder.text("note.json").contains(#""reason" : "failed""#))
    }
  }

  /// A run whose command takes long does not put its own situation over that of a newer run.
  @Test(.timeLimit(.minutes(1))) func aSlowCommandOverwritesNothing() async throws {
    let folder = try Folder()
    let flags = [
      "apply", "--auto-approve", "--metrics-file", "m.prom", "--notify",
      "cat > note.json; echo x >> told; [ -e hold ] || exit 0; : > holding; "
        + "until [ -e go ]; do sleep 0.1; done",
    ]
    try await ImportServer.serving(.v0_29) { server in
      _ = try folder.scratch.file("inventory.yaml", Self.inventory(server.url, tags: "tag:web"))
      _ = try folder.scratch.file("hold", "")
      var wrong = server.environment
      wrong["HEADSCALE_API_KEY"] = "hskey-api-wrong"
      async let slow = folder.run(flags, wrong)
      let place = folder.scratch.path
      while !FileManager.default.fileExists(atPath: place + "/holding") {
        try await Task.sleep(for: .milliseconds(20))
      }
      try FileManager.default.removeItem(atPath: place + "/hold")
      #expect(try await folder.run(flags, server.environment).exit == 0)
      #expect(folder.text("note.json").contains(#""reason" : "recovered""#))
      #expect(folder.told == 2)
      _ = try folder.scratch.file("go", "")
      #expect(try await slow.exit == 1)
      #expect(Self.line("meshctl_last_run_exit_status{", folder)?.hasSuffix(" 0") == true)
      #expect(try await folder.run(flags, server.environment).exit == 0)
      #expect(folder.told == 2, "all was well, and is")
    }
  }

  /// Expiring a key that a killed run left is recorded, and no reason for mail.
  @Test func aQuietRunIsSilentAboutLeftOverKeys() async throws {
    let folder = try Folder()
    try await ImportServer.serving(.v0_29) { server in
      _ = try folder.scratch.file("inventory.yaml", Self.inventory(server.url, tags: "tag:web"))
      let flags = ["apply", "--auto-approve", "--quiet"]
      #expect(try await folder.run(flags, server.environment).exit == 0)
      let made = try await MeshctlProgram.shell(
        // Ten minutes by the server's clock, as meshctl makes them.
        "now=$(curl -sSi \(server.url)/health | tr -d '\\r' | sed -n 's/^[Dd]ate: //p'); "
          + "end=$(date -u -d \"$now + 10 minutes\" +%Y-%m-%dT%H:%M:%SZ); "
          + "curl -sS -H 'Authorization: Bearer \(server.key)' "
          + "-H 'Content-Type: application/json' -d '{\"user\":\"1\",\"expiration\":\"'$end'\"}' "
          + server.url + "/api/v1/preauthkey",
        in: folder.scratch.path)
      let id = try #require(
        made.output.firstMatch(of: /"id":\s*"([0-9]+)",\s*"key"|"id":\s*"([0-9]+)"/), "\(made)")
      let key = String(id.output.1 ?? id.output.2 ?? "")
      let locks = folder.scratch.path + "/state/meshctl/locks/"
      let name = try #require(try FileManager.default.contentsOfDirectory(atPath: locks).first)
      try Data(#"{"pid":1,"since":"2026-11-28T00:00:00Z","keys":["\#(key)"]}"#.utf8)
        .write(to: URL(filePath: locks + name))
      let ending = try await folder.run(flags, server.environment)
      #expect(ending.exit == 0)
      #expect(folder.journal.contains(#""result":"expired""#), "\(folder.journal)\(made)")
      #expect(ending.output.isEmpty && ending.errors.isEmpty, "\(ending.output)\(ending.errors)")
    }
  }

  /// Where metrics cannot be written, this is said before anything is done, and told.
  @Test func aMetricsFileThatCannotBeWrittenIsSaidFirst() async throws {
    let folder = try Folder()
    try await ImportServer.serving(.v0_29) { server in
      _ = try folder.scratch.file("inventory.yaml", Self.inventory(server.url, tags: "tag:db"))
      let ending = try await folder.run(
        [
          "apply", "--auto-approve", "--metrics-file", "none/m.prom", "--notify",
          "cat > note.json; echo x >> told",
        ], server.environment)
      #expect(ending.exit == 1)
      #expect(ending.errors.contains("error[MESH-METRICS-UNWRITABLE]"), "\(ending.errors)")
      #expect(folder.told == 1 && folder.text("note.json").contains("MESH-METRICS-UNWRITABLE"))
      #expect(folder.journal.isEmpty, "nothing was done")
    }
  }

  /// A command that fails is a warning, also for a quiet run, and is tried again.
  @Test func aCommandThatFailsIsAWarning() async throws {
    let folder = try Folder()
    _ = try folder.scratch.file("inventory.yaml", Scratch.quickstart)
    let arguments = ["apply", "--simulate", "--auto-approve", "--quiet", "--notify", "exit 3"]
    let ending = try await folder.run(arguments)
    #expect(ending.exit == 0)
    #expect(ending.errors.contains("warning[MESH-NOTIFY-FAILED]"), "\(ending.errors)")
    // What is simulated is no history.
    #expect(folder.journal.isEmpty)
  }

  /// A disk that is full in the middle of a run: one warning, the run goes on, no half line.
  @Test func aJournalThatCannotBeWrittenStopsNothing() async throws {
    let folder = try Folder()
    try await ImportServer.serving(.v0_29) { server in
      _ = try folder.scratch.file("inventory.yaml", Self.inventory(server.url, tags: "tag:db"))
      let ending = try await MeshctlProgram.shell(
        "trap '' XFSZ; ulimit -f 1; HEADSCALE_URL=\(server.url) HEADSCALE_API_KEY=\(server.key) "
          + "XDG_STATE_HOME=\(folder.scratch.path)/state \"$MESHCTL\" apply --auto-approve",
        in: folder.scratch.path)
      #expect(ending.exit == 0, "\(ending.output)\(ending.errors)")
      #expect(ending.errors.components(separatedBy: "MESH-JOURNAL-UNWRITABLE").count == 2)
      #expect(folder.journal.isEmpty || folder.journal.hasSuffix("\n"))
      let log = try await folder.run(["log"])
      #expect(log.exit == 0 && !log.errors.contains("MESH-JOURNAL-FOREIGN"))
    }
  }

  @Test func everyLogLineIsJSON() async throws {
    let folder = try Folder()
    _ = try folder.scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await folder.run([
      "apply", "--simulate", "--auto-approve", "--log-format", "json", "-v", "--notify", "echo hi",
    ])
    #expect(ending.exit == 0)
    #expect(ending.output.contains("Apply: 2 changed."))
    let lines = ending.errors.split(separator: "\n")
    #expect(lines.count > 10)
    var runs: Set<String> = []
    for line in lines {
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
      #expect(object?["time"] is String && object?["message"] is String, "\(line)")
      runs.insert(object?["run"] as? String ?? "")
    }
    #expect(runs.count == 1 && runs.first?.count == 12)
    let bad = try await folder.run(["plan", "none.yaml", "--log-format", "json"])
    #expect(bad.exit == 1)
    #expect(bad.errors.contains(#""code":"MESH-FILE-UNREADABLE""#))
    #expect(bad.errors.hasPrefix("{") && bad.errors.split(separator: "\n").count == 1)
  }

  @Test(arguments: [
    ["--limit", "-1"], ["--since", "yesterday"], ["--run", "x;y"], ["--run", ""],
  ]) func wrongOptionsOfLog(arguments: [String]) async throws {
    #expect(try await MeshctlProgram.run(["log"] + arguments).exit == 64)
  }

  // MARK: promtool

  @Test(arguments: ["metrics-full.prom", "metrics-early.prom"]) func goldens(
    name: String
  ) async throws {
    let tests = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    try await Self.promtool(
      String(
        contentsOf: tests.appending(path: "MeshCoreTests/Trail/Goldens/" + name), encoding: .utf8))
  }

  /// Prometheus's own checker finds nothing; where it is missing, only outside of CI, nothing is said.
  private static func promtool(_ metrics: String) async throws {
    guard
      ["/usr/bin/promtool", "/usr/local/bin/promtool"].contains(
        where: FileManager.default.isExecutableFile)
    else {
      #expect(ProcessInfo.processInfo.environment["CI"] == nil, "promtool is missing: make deps")
      return
    }
    let result = try await Subprocess.run(
      .name("promtool"), arguments: ["check", "metrics"], input: .string(metrics),
      output: .string(limit: 1 << 16), error: .string(limit: 1 << 16))
    guard case .exited(0) = result.terminationStatus else {
      Issue.record("promtool: \(result.standardOutput)\(result.standardError)")
      return
    }
    #expect(result.standardError.isEmpty)
  }

  private static func line(_ head: String, _ folder: Folder) -> String? {
    folder.text("m.prom").split(separator: "\n").first { $0.hasPrefix(head) }.map(String.init)
  }
}
