import Foundation
import Testing

/// `meshctl init` as a newcomer meets it.
@Suite struct InitCommandTests {
  @Test func itWritesWhatTheNextCommandsTake() async throws {
    let scratch = try Scratch()
    let ending = try await MeshctlProgram.run(
      ["init", "--server-url", "https://mesh.test"], in: scratch.path)
    #expect(ending.exit == 0, "\(ending.errors)")
    #expect(ending.output.isEmpty)
    #expect(ending.errors.contains("meshctl plan ./inventory.yaml --simulate"))
    let valid = try await MeshctlProgram.run(["validate"], in: scratch.path)
    #expect(valid.exit == 0, "\(valid.errors)")
    let plan = try await MeshctlProgram.run(["plan", "--simulate"], in: scratch.path)
    #expect(plan.exit == 0, "\(plan.errors)")
    #expect(plan.output.contains("https://mesh.test"))
    #expect(plan.output.contains("join as web-1, tag:server"))
  }

  @Test func aFileIsNeverOverwritten() async throws {
    let scratch = try Scratch()
    let mine = try scratch.file("mine.yaml", "mine\n")
    let refused = try await MeshctlProgram.run(["init", "--out", mine])
    #expect(refused.exit == 1)
    #expect(refused.errors.contains("error[MESH-INIT-FILE-EXISTS]"))
    #expect(try String(contentsOfFile: mine, encoding: .utf8) == "mine\n")
  }

  /// A link could lead anywhere, so it is not followed to a file that is not there yet.
  @Test func aLinkIsNotFollowed() async throws {
    let scratch = try Scratch()
    let target = scratch.path + "/target.yaml"
    let link = scratch.path + "/link.yaml"
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
    let refused = try await MeshctlProgram.run(["init", "--out", link])
    #expect(refused.exit == 1)
    #expect(refused.errors.contains("error[MESH-INIT-FILE-EXISTS]"))
    #expect(!FileManager.default.fileExists(atPath: target))
  }

  @Test func aMissingFolderIsSaid() async throws {
    let scratch = try Scratch()
    let ending = try await MeshctlProgram.run(["init", "--out", scratch.path + "/none/a.yaml"])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-FILE-UNWRITABLE]"))
  }

  @Test(arguments: [
    ["--server-url", "ftp://mesh.test"], ["--server-url", "https://user@mesh.test"],
    ["--out", "-"], ["--out", ""],
  ])
  func wrongUsageWritesNothing(arguments: [String]) async throws {
    let scratch = try Scratch()
    let ending = try await MeshctlProgram.run(["init"] + arguments, in: scratch.path)
    #expect(ending.exit == 64)
    #expect(try FileManager.default.contentsOfDirectory(atPath: scratch.path).isEmpty)
  }

  @Test func aNameThatShellsWouldTakeApartIsQuoted() async throws {
    let scratch = try Scratch()
    let ending = try await MeshctlProgram.run(["init", "--out", "my mesh.yaml"], in: scratch.path)
    #expect(ending.exit == 0)
    #expect(ending.errors.contains("meshctl plan 'my mesh.yaml' --simulate"))
  }
}
