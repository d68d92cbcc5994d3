import Foundation
import Testing

/// The exit statuses of design §7 as far as they need no lab.
@Suite struct ExitStatusTests {
  @Test(arguments: [
    ["apply", "x.yaml", "--nodes", "n.json"], ["plan", "--parallelism", "0"],
    ["plan", "--world", "w.json"], ["plan", "--no-such-flag"], ["frobnicate"],
    ["plan", "--probe", "--nodes", "n.json"], ["apply", "--lock-timeout=-1"],
  ])
  func usageIs64(arguments: [String]) async throws {
    let ending = try await MeshctlProgram.run(arguments)
    #expect(ending.exit == 64)
    #expect(ending.errors.hasPrefix("Error:"))
  }

  @Test func applyWithoutTerminalAsksForAutoApprove() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await MeshctlProgram.run(["apply", path, "--simulate"])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-NO-TERMINAL]"))
    #expect(ending.errors.contains("hint: use --auto-approve"))
  }

  @Test func joinThenNothing() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let world = ["--simulate", "--world", scratch.path + "/world.json"]
    let before = try await MeshctlProgram.run(["plan", path, "--detailed-exitcode"] + world)
    #expect(before.exit == 2)
    #expect(before.output.contains("Plan: 2 to join"))
    let plain = try await MeshctlProgram.run(["plan", path] + world)
    #expect(plain.exit == 0)
    let applied = try await MeshctlProgram.run(["apply", path, "--auto-approve"] + world)
    #expect(applied.exit == 0)
    #expect(applied.output.contains("Apply: 2 changed."))
    let after = try await MeshctlProgram.run(["plan", path, "--detailed-exitcode"] + world)
    #expect(after.exit == 0)
    #expect(after.output.contains("No changes. 2 hosts in sync."))
  }

  @Test func everyScreenOfASimulationSaysSo() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    for verb in [["plan"], ["apply", "--auto-approve"]] {
      let text = try await MeshctlProgram.run(verb + [path, "--simulate"])
      #expect(text.output.hasPrefix("SIMULATION"))
      let json = try await MeshctlProgram.run(verb + [path, "--simulate", "--format", "json"])
      #expect(json.output.contains("\"simulated\""))
    }
  }

  @Test func jsonEventsEndWithASummary() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await MeshctlProgram.run(
      ["apply", path, "--simulate", "--auto-approve", "--format", "json"])
    #expect(ending.exit == 0)
    let lines = try ending.output.split(separator: "\n").map {
      try #require(try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any])
    }
    let types = lines.compactMap { $0["type"] as? String }
    #expect(types.first == "version")
    #expect(types.count == lines.count)
    #expect(types.dropFirst().first == "plan")
    #expect(types.contains("step_ok"))
    let last = try #require(lines.last)
    #expect(last["type"] as? String == "summary")
    #expect(last["exitCode"] as? Int == 0)
    #expect((last["hosts"] as? [[String: Any]])?.count == 2)
  }

  @Test func aBlockedHostMakesPlanExitOne() async throws {
    let scratch = try Scratch()
    let path = try scratch.file(
      "inventory.yaml",
      Scratch.quickstart + "  win: {os: windows, connection: local, owner: alice}\n")
    let ending = try await MeshctlProgram.run(["plan", path, "--simulate", "--detailed-exitcode"])
    #expect(ending.exit == 1)
    #expect(ending.output.contains("MESH-TARGET-UNSUPPORTED"))
  }

  @Test func anUnknownPatternNamesTheNearestHost() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await MeshctlProgram.run(["plan", path, "--simulate", "--limit", "web1"])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("web-1"))
  }

  @Test func aMissingKeyNamesTheVariable() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await MeshctlProgram.run(["plan", path])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("HEADSCALE_API_KEY"))
  }

  @Test func aPinnedServerIsKept() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await MeshctlProgram.run(
      ["plan", path],
      environment: [
        "HEADSCALE_URL": "https://other.example.com", "HEADSCALE_API_KEY": "hskey-api-secret-1",
      ])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("https://other.example.com"))
    #expect(!ending.errors.contains("hskey-api-secret-1"))
  }
}

/// What a hostile user tried on simulated worlds.
@Suite struct WorldFileTests {
  @Test(.timeLimit(.minutes(2))) func aFleetJoinsBeforeItsKeysAreOld() async throws {
    let scratch = try Scratch()
    let hosts = (0..<60).map { "  h\($0): {owner: alice}\n" }.joined()
    let path = try scratch.file(
      "inventory.yaml",
      "version: 1\nserver: {url: \"https://mesh.example.com\"}\nhosts:\n" + hosts)
    let world = ["--simulate", "--world", scratch.path + "/world.json"]
    let applied = try await MeshctlProgram.run(["apply", path, "--auto-approve"] + world)
    #expect(applied.exit == 0)
    #expect(applied.output.contains("Apply: 60 changed."))
    let after = try await MeshctlProgram.run(["plan", path, "--detailed-exitcode"] + world)
    #expect(after.exit == 0)
  }

  @Test func aWorldThatCannotBeWrittenStopsBeforeTheWork() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await MeshctlProgram.run(
      [
        "apply", path, "--simulate", "--auto-approve", "--format", "json", "--world",
        scratch.path + "/no/such/world.json",
      ])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-FILE-UNWRITABLE]"))
    let last = try #require(ending.output.split(separator: "\n").last)
    #expect(last.contains("\"exitCode\":1") && last.contains("MESH-FILE-UNWRITABLE"))
    #expect(!ending.output.contains("step_ok"))
  }

  @Test func aReaderThatGoesAwayBeforeTheWorkStopsIt() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await MeshctlProgram.shell(
      "\"$MESHCTL\" apply \(path) --simulate --auto-approve --world \(scratch.path)/w.json >&-",
      in: scratch.path)
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-OUTPUT-FAILED]"))
    let after = try await MeshctlProgram.run(
      ["plan", path, "--simulate", "--world", scratch.path + "/w.json"])
    #expect(after.output.contains("2 to join"))
  }

  @Test func aLinkToAWorldStaysALink() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let link = scratch.path + "/link.json"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: "world.json")
    let ending = try await MeshctlProgram.run(
      ["apply", path, "--simulate", "--auto-approve", "--world", link])
    #expect(ending.exit == 0)
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "world.json")
    #expect(FileManager.default.fileExists(atPath: scratch.path + "/world.json"))
  }
}
