import Foundation
import Testing

/// Input that is no inventory, and output that cannot be written: one clear error, exit 1.
@Suite struct BadInputTests {
  static let verbs = ["validate", "plan", "apply"]

  @Test(arguments: verbs) func aMissingFile(verb: String) async throws {
    let ending = try await MeshctlProgram.run([verb, "/nonexistent/inventory.yaml"])
    #expect(ending.exit == 1)
    #expect(ending.output.isEmpty)
    #expect(ending.errors.contains("error[MESH-FILE-UNREADABLE]"))
    #expect(ending.errors.contains("/nonexistent/inventory.yaml: No such file or directory"))
  }

  @Test func theDefaultInventoryIsNamed() async throws {
    let scratch = try Scratch()
    let ending = try await MeshctlProgram.run(["validate"], in: scratch.path)
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("./inventory.yaml"))
    #expect(ending.errors.contains("hint: give its path"))
  }

  @Test func anEmptyFile() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("empty.yaml", "")
    let ending = try await MeshctlProgram.run(["validate", path])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("is empty"))
    #expect(ending.errors.contains("1 error"))
  }

  @Test func aDirectory() async throws {
    let scratch = try Scratch()
    let ending = try await MeshctlProgram.run(["plan", scratch.path])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-FILE-NOT-REGULAR]"))
    #expect(ending.errors.contains("is a directory"))
  }

  @Test func aBinaryFile() async throws {
    let ending = try await MeshctlProgram.run(["validate", MeshctlProgram.path])
    #expect(ending.exit == 1)
    #expect(
      ending.errors.contains("MESH-FILE-TOO-LARGE") || ending.errors.contains("binary"))
    let scratch = try Scratch()
    let small = try scratch.file("small.bin", "ELF\u{0}\u{1}\u{2}")
    let other = try await MeshctlProgram.run(["validate", small])
    #expect(other.exit == 1)
    #expect(other.errors.contains("binary"))
  }

  @Test(.timeLimit(.minutes(1))) func aGibibyte() async throws {
    let scratch = try Scratch()
    let path = scratch.path + "/huge.yaml"
    #expect(FileManager.default.createFile(atPath: path, contents: nil))
    let handle = try FileHandle(forWritingTo: URL(filePath: path))
    try handle.truncate(atOffset: 1 << 30)
    try handle.close()
    let ending = try await MeshctlProgram.run(["plan", path])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-FILE-TOO-LARGE]"))
    #expect(ending.errors.contains("larger than 16 MiB"))
  }

  @Test(arguments: ["text", "json"]) func aFullDisk(format: String) async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await MeshctlProgram.shell(
      "\"$MESHCTL\" plan \(path) --simulate --format \(format) >/dev/full", in: scratch.path)
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-OUTPUT-FAILED]"))
    #expect(ending.errors.contains("No space left on device"))
  }

  @Test func applyToAFullDiskSaysSo() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let ending = try await MeshctlProgram.shell(
      "\"$MESHCTL\" apply \(path) --simulate --auto-approve >/dev/full", in: scratch.path)
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-OUTPUT-FAILED]"))
  }

  @Test func aNodeListThatIsNone() async throws {
    let scratch = try Scratch()
    let path = try scratch.file("inventory.yaml", Scratch.quickstart)
    let nodes = try scratch.file("nodes.json", "<html>502 Bad Gateway</html>")
    let ending = try await MeshctlProgram.run(["plan", path, "--nodes", nodes])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("is not a node list"))
  }
}
