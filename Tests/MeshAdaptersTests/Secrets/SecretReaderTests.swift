import Foundation
import MeshAdapters
import MeshCore
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite(.timeLimit(.minutes(1))) struct SecretReaderTests {
  private let folder: URL
  private let reader: SecretReader

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "meshctl-secret-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    reader = SecretReader(
      folder: folder.path, environment: ["PATH": "/usr/bin:/bin", "KEY": "v4lue", "EMPTY": ""],
      commandTimeout: 20)
  }

  private func write(_ text: String, mode: Int = 0o600) throws {
    let file = folder.appending(path: "key")
    try Data(text.utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
  }

  private func refusal(_ source: SecretSource) async -> Diagnostic? {
    do {
      _ = try await reader.read(source, for: "the API key")
      return nil
    } catch { return (error as? Failure)?.diagnostic }
  }

  @Test func variable() async throws {
    #expect(try await reader.read(.environment("KEY"), for: "x").reveal() == "v4lue")
    #expect(await refusal(.environment("NOPE"))?.code == .secretEnvironment)
    #expect(await refusal(.environment("EMPTY"))?.code == .secretEmpty)
  }

  @Test(arguments: [
    ("v4lue", "v4lue"), ("v4lue\n", "v4lue"), ("v4lue\r\n", "v4lue"), (" a b ", " a b "),
  ])
  func file(text: String, value: String) async throws {
    try write(text)
    #expect(try await reader.read(.file("key"), for: "x").reveal() == value)
    let absolute = try await reader.read(.file(folder.path + "/key"), for: "x")
    #expect(absolute.reveal() == value)
  }

  @Test func unfitFiles() async throws {
    #expect(await refusal(.file("missing"))?.code == .secretFile)
    #expect(await refusal(.file("."))?.code == .secretFile)
    #expect(mkfifo(folder.path + "/fifo", 0o600) == 0)
    #expect(await refusal(.file("fifo"))?.evidence == "it is not a regular file")
    try write("")
    #expect(await refusal(.file("key"))?.code == .secretEmpty)
    try write("\n")
    #expect(await refusal(.file("key"))?.code == .secretEmpty)
    try write("one\ntwo\n")
    #expect(await refusal(.file("key"))?.code == .secretForm)
    try write(String(repeating: "a", count: 70_000))
    #expect(await refusal(.file("key"))?.evidence == "it is larger than 64 KiB")
    try Data([0xFF, 0xFE, 0x41]).write(to: folder.appending(path: "key"))
    #expect(await refusal(.file("key"))?.code == .secretForm)
  }

  @Test func command() async throws {
    let words = ["printf", "%s\n", "$(v4lue) 'x"]
    #expect(try await reader.read(.command(words), for: "x").reveal() == "$(v4lue) 'x")
    #expect(
      try await reader.read(.command(["sh", "-c", "cat; printf %s \"$KEY\""]), for: "x")
        .reveal() == "v4lue")
  }

  @Test func failingCommands() async throws {
    let leak = await refusal(
      .command(["sh", "-c", "echo s3cret; echo no s3cret here >&2; exit 3"]))
    #expect(leak?.code == .secretCommand && leak?.message == "`sh` failed (exit 3)")
    #expect(leak?.evidence == "no (secret) here")
    let impatient = SecretReader(
      folder: folder.path, environment: ["PATH": "/usr/bin:/bin"], commandTimeout: 1)
    let late = await #expect(throws: Failure.self) {
      try await impatient.read(.command(["sleep", "30"]), for: "x")
    }
    #expect(late?.diagnostic.message == "`sleep` did not end within 1 s")
    #expect(await refusal(.command(["meshctl-no-such-program"]))?.code == .secretCommand)
    #expect(await refusal(.command([]))?.code == .secretCommand)
    #expect(await refusal(.command(["true"]))?.code == .secretEmpty)
    #expect(await refusal(.command(["printf", "a\\nb"]))?.code == .secretForm)
    #expect(
      await refusal(.command(["head", "-c", "70000", "/dev/zero"]))?.message
        == "`head` printed more than 64 KiB")
  }
}
