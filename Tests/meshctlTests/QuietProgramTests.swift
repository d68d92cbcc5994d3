import Foundation
import SystemPackage
import Testing

@Suite("An apply that nobody watches")
struct QuietProgramTests {
  private static let inventory = """
    version: 1
    server: {url: http://mesh.local:8080}
    hosts:
      alpha: {owner: ops}
      beta: {owner: ops, tags: []}
    """

  private func apply(_ more: [String], in folder: borrowing Scratch) async throws
    -> MeshctlProgram.Ending
  {
    try await MeshctlProgram.run(
      ["apply", "--auto-approve", "--quiet", "--simulate", "--world", "world.json"] + more,
      in: folder.path)
  }

  @Test func sayNothingWhereTheMeshMatches() async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", QuietProgramTests.inventory)
    let first = try await apply([], in: folder)
    #expect(first.exit == 0)
    // What changed, once: where, what, how it ended; neither steps nor the warning of the .local name.
    #expect(first.output.contains("http://mesh.local:8080"))
    #expect(first.output.contains("alpha"))
    #expect(first.output.contains("join as alpha"))
    #expect(first.output.contains("Apply: 2 changed."))
    #expect(first.errors == "")
    let second = try await apply([], in: folder)
    #expect(second.exit == 0)
    #expect(second.output == "")
    #expect(second.errors == "")
    let json = try await apply(["--format", "json"], in: folder)
    #expect(json.output == "")
  }

  @Test func jsonTellsOneSummary() async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", QuietProgramTests.inventory)
    let first = try await apply(["--format", "json"], in: folder)
    let lines = first.output.split(separator: "\n")
    #expect(lines.count == 1)
    #expect(lines.first?.contains(#""type":"summary""#) == true)
  }

  @Test func errorsAreLoud() async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", "version: 1\nhosts: {alpha: {ownr: ops}}\n")
    let ending = try await apply([], in: folder)
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("MESH-INV"))
  }

  @Test func whatFailsIsSaidInFull() async throws {
    let folder = try Scratch()
    _ = try folder.file(
      "inventory.yaml",
      "version: 1\nserver: {url: https://mesh.example.com}\nhosts: {alpha: {owner: ops}}\n")
    #expect(try await apply([], in: folder).exit == 0)
    let world = try String(contentsOfFile: folder.path + "/world.json", encoding: .utf8)
    _ = try folder.file(
      "world.json", world.replacing(/"unreachable"\s*:\s*false/, with: "\"unreachable\": true"))
    _ = try folder.file(
      "inventory.yaml",
      QuietProgramTests.inventory.replacing(
        "alpha: {owner: ops}", with: "alpha: {owner: ops, routes: [10.0.0.0/24]}"
      ).replacing("http://mesh.local:8080", with: "https://mesh.example.com"))
    let ending = try await apply([], in: folder)
    #expect(ending.exit == 3)
    #expect(ending.output.contains("MESH-SSH-"))
    #expect(ending.output.contains("Apply: 1 changed, 1 blocked."))
  }

  @Test func asksNothing() async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", QuietProgramTests.inventory)
    let ending = try await MeshctlProgram.run(
      ["apply", "--quiet", "--simulate"], in: folder.path)
    #expect(ending.exit == 64)
    #expect(ending.errors.contains("--auto-approve"))
    let asking = try await apply(["-K"], in: folder)
    #expect(asking.exit == 64)
    #expect(asking.errors.contains("--ask-become-pass"))
  }

  /// A run that overlaps another one asks nobody for anything: neither for a secret nor the server.
  @Test func anOverlappingRunCostsNothing() async throws {
    let folder = try Scratch()
    // Nobody listens there, and reading the key would leave a mark.
    _ = try folder.file(
      "inventory.yaml",
      """
      version: 1
      server:
        url: https://mesh.example.com
        api: {url: "http://127.0.0.1:9", key: {command: [touch, \(folder.path)/asked]}}
      hosts: {alpha: {owner: ops}}
      """)
    let locks = folder.path + "/state/meshctl/locks"
    let environment = ["XDG_STATE_HOME": folder.path + "/state"]
    let apply = ["apply", "--auto-approve", "--quiet", "inventory.yaml"]
    let alone = try await MeshctlProgram.run(apply, environment: environment, in: folder.path)
    #expect(alone.exit == 1)
    #expect(FileManager.default.fileExists(atPath: folder.path + "/asked"))
    try FileManager.default.removeItem(atPath: folder.path + "/asked")
    let name = try #require(
      try FileManager.default.contentsOfDirectory(atPath: locks).first { $0.hasSuffix(".lock") })
    let held = try FileDescriptor.open(FilePath(locks + "/" + name), .readWrite)
    defer { try? held.close() }
    #expect(flock(held.rawValue, LOCK_EX | LOCK_NB) == 0)
    let second = try await MeshctlProgram.run(apply, environment: environment, in: folder.path)
    #expect(second.exit == 5)
    #expect(second.errors.contains("MESH-LOCK-HELD"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/asked"))
  }
}
