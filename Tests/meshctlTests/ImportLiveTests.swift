import Foundation
import MeshSimulation
import Testing

/// `meshctl import` against a server: what it writes is what `plan` then agrees with.
@Suite struct ImportLiveTests {
  @Test("From the environment alone; the next plan is empty", arguments: Mode.allCases)
  func theNextPlanIsEmpty(mode: Mode) async throws {
    let scratch = try Scratch()
    let folder = scratch.path
    try await ImportServer.serving(mode) { server in
      let written = try await MeshctlProgram.run(
        ["import", "--out", "inventory.yaml"], environment: server.environment, in: folder)
      #expect(written.exit == 0, "\(written.errors)")
      #expect(written.output.isEmpty)
      #expect(written.errors.contains("its plan is empty"))
      let text = try String(contentsOfFile: folder + "/inventory.yaml", encoding: .utf8)
      #expect(text.contains("  gw-1:  # node #1\n"))
      #expect(text.contains("routes: [10.0.0.0/24]"))
      #expect(text.contains("offline: ignore"))
      #expect(text.contains("  # node #4: its key expired"))
      #expect(!text.contains(server.key))

      let valid = try await MeshctlProgram.run(["validate"], in: folder)
      #expect(valid.exit == 0, "\(valid.errors)")
      let plan = try await MeshctlProgram.run(
        ["plan", "--detailed-exitcode"], environment: server.environment, in: folder)
      #expect(plan.exit == 0, "\(plan.output)\(plan.errors)")
      #expect(plan.output.contains("No changes. 3 hosts in sync; 1 unmanaged."), "\(plan.output)")
    }
  }

  @Test("A saved node list gives the same plan as the server", arguments: Mode.allCases)
  func roundTrip(mode: Mode) async throws {
    let scratch = try Scratch()
    let folder = scratch.path
    _ = try scratch.file("wanted.yaml", "")
    try await ImportServer.serving(mode) { server in
      try Data(
        """
        version: 1
        server: {url: "\(server.url)"}
        hosts:
          gw-1: {tags: [tag:db], routes: [10.0.0.0/24, 10.9.0.0/24]}
          desk: {owner: bob}
          laptop: {owner: bob, name: notebook}
          fresh: {tags: [tag:nobody]}

        """.utf8
      ).write(to: URL(filePath: folder + "/wanted.yaml"))
      let saved = try await MeshctlProgram.run(
        ["import", "wanted.yaml", "--format", "nodes", "--out", "nodes.json"],
        environment: server.environment, in: folder)
      #expect(saved.exit == 0, "\(saved.errors)")
      let text = try String(contentsOfFile: folder + "/nodes.json", encoding: .utf8)
      #expect(!text.contains(server.key))
      #expect(!text.lowercased().contains("preauth"))
      for format in ["text", "json"] {
        let live = try await MeshctlProgram.run(
          ["plan", "wanted.yaml", "--format", format], environment: server.environment, in: folder)
        let again = try await MeshctlProgram.run(
          ["plan", "wanted.yaml", "--format", format, "--nodes", "nodes.json"], in: folder)
        #expect(again.output == live.output)
        #expect(again.exit == live.exit)
        #expect(live.output.contains("gw-1"))
      }
    }
  }

  @Test func onlyWhatAnInventoryLacks() async throws {
    let scratch = try Scratch()
    let folder = scratch.path
    try await ImportServer.serving(.v0_29) { server in
      let mine = """
        version: 1
        server: {url: "\(server.url)"}
        hosts:
          gw-1: {tags: [tag:web]}
          laptop: {offline: ignore}  # mine

        """
      try Data(mine.utf8).write(to: URL(filePath: folder + "/mine.yaml"))
      let snippet = try await MeshctlProgram.run(
        ["import", "--into", "mine.yaml"], environment: server.environment, in: folder)
      #expect(snippet.exit == 0, "\(snippet.errors)")
      #expect(snippet.output.contains("Paste under `hosts:` (line 3)"))
      #expect(snippet.output.contains("\n  desk:  # node #2\n"))
      #expect(!snippet.output.contains("gw-1:"))
      #expect(try String(contentsOfFile: folder + "/mine.yaml", encoding: .utf8) == mine)
      try Data((mine + snippet.output).utf8).write(to: URL(filePath: folder + "/pasted.yaml"))
      let plan = try await MeshctlProgram.run(
        ["plan", "pasted.yaml", "--detailed-exitcode"], environment: server.environment,
        in: folder)
      #expect(plan.exit == 0, "\(plan.output)\(plan.errors)")
      let none = try await MeshctlProgram.run(
        ["import", "--into", "pasted.yaml", "--nodes", "-"], in: folder)
      #expect(none.exit == 1, "standard input is empty here")
    }
  }

  @Test func anEmptyMesh() async throws {
    let scratch = try Scratch()
    let folder = scratch.path
    try await ImportServer.serving(.v0_29, nodes: []) { server in
      let written = try await MeshctlProgram.run(
        ["import", "--server-url", "https://mesh.example.com"], environment: server.environment,
        in: folder)
      #expect(written.exit == 0, "\(written.errors)")
      #expect(written.output.contains("hosts: {}"))
      #expect(
        written.output.contains("url: https://mesh.example.com\n  api:\n    url: \(server.url)"))
      let path = folder + "/inventory.yaml"
      try Data(written.output.utf8).write(to: URL(filePath: path))
      let plan = try await MeshctlProgram.run(
        ["validate", path], environment: server.environment)
      #expect(plan.exit == 0, "\(plan.errors)")
    }
  }

  @Test func aWrongKeyIsOneClearError() async throws {
    let scratch = try Scratch()
    let folder = scratch.path
    try await ImportServer.serving(.v0_29) { server in
      let ending = try await MeshctlProgram.run(
        ["import", "--out", "x.yaml"],
        environment: ["HEADSCALE_URL": server.url, "HEADSCALE_API_KEY": "hskey-api-wrong"],
        in: folder)
      #expect(ending.exit == 1)
      #expect(ending.errors.contains("error[MESH-API-"))
      #expect(!FileManager.default.fileExists(atPath: folder + "/x.yaml"))
    }
  }
}
