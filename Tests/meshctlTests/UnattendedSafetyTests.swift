import Foundation
import Testing

@Suite("A run that nobody watches does no harm beside its work")
struct UnattendedSafetyTests {
  private static let inventory = """
    version: 1
    server: {url: https://mesh.example.com}
    hosts: {alpha: {owner: ops}}
    """

  /// The value of the option forgotten: the next word is the inventory.
  @Test(arguments: ["inventory.yaml", "notes.txt"])
  func metricsReplaceNothingOfAnybodyElse(name: String) async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", Self.inventory)
    _ = try folder.file("notes.txt", "mine\n")
    let before = try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8)
    let ending = try await MeshctlProgram.run(
      ["apply", "--auto-approve", "--quiet", "--simulate", "--metrics-file", name], in: folder.path)
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("MESH-METRICS-UNWRITABLE"), "\(ending.errors)")
    #expect(try String(contentsOfFile: folder.path + "/" + name, encoding: .utf8) == before)
  }

  @Test func metricsReplaceTheirOwnAndEmptyFiles() async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", Self.inventory)
    _ = try folder.file("m.prom", "")
    for _ in 0..<2 {
      let ending = try await MeshctlProgram.run(
        ["apply", "--auto-approve", "--quiet", "--simulate", "--metrics-file", "m.prom"],
        in: folder.path)
      #expect(ending.exit == 0, "\(ending.errors)")
      #expect(
        try String(contentsOfFile: folder.path + "/m.prom", encoding: .utf8).contains(
          "meshctl_last_success_timestamp_seconds{"))
    }
  }

  /// A part of the mesh says nothing of the rest.
  @Test func aSelectionIsNoSuccessOfTheWhole() async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", Self.inventory)
    let ending = try await MeshctlProgram.run(
      [
        "apply", "--auto-approve", "--quiet", "--simulate", "--metrics-file", "m.prom", "--limit",
        "alpha",
      ], in: folder.path)
    #expect(ending.exit == 0, "\(ending.errors)")
    let text = try String(contentsOfFile: folder.path + "/m.prom", encoding: .utf8)
    #expect(text.contains("meshctl_last_run_exit_status"))
    #expect(!text.contains("meshctl_last_success_timestamp_seconds{"))
  }

  @Test(arguments: ["version: 1\nhosts: {alpha: {ownr: x}}\n", "\t"])
  func theLastLineOfJSONIsTheSummary(text: String) async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", text)
    let ending = try await MeshctlProgram.run(
      ["apply", "--auto-approve", "--simulate", "--format", "json"], in: folder.path)
    #expect(ending.exit == 1)
    let last = try #require(ending.output.split(separator: "\n").last)
    #expect(last.contains(#""type":"summary""#) && last.contains(#""exitCode":1"#))
    #expect(last.contains("MESH-INV"))
  }

  /// The run is over then, and its handler with it: the command must still be stoppable.
  ///
  /// timeout(1) sends its signal twice at once, which is one wish.
  @Test(arguments: ["", "kill -TERM $run"])
  func aSignalEndsTheCommandOfNotify(again: String) async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", Self.inventory)
    let line = """
      "$MESHCTL" apply --auto-approve --quiet --simulate \
        --notify 'touch started; exec sleep 60' >out 2>err & run=$!
      tries=0
      while [ ! -e started ] && [ $tries -lt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
      kill -TERM $run
      \(again)
      wait $run
      echo "status $?"
      cat err
      """
    let ending = try await MeshctlProgram.shell(line, in: folder.path)
    #expect(ending.output.contains("status 0"), "\(ending.output)")
    #expect(ending.output.contains("stopped by a signal"), "\(ending.output)")
  }

  @Test func whoeverAnswersNoIsNotTold() async throws {
    let folder = try Scratch()
    _ = try folder.file("inventory.yaml", Self.inventory)
    let ending = try await MeshctlProgram.run(
      ["apply", "--simulate", "--notify", "touch told"], in: folder.path)
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("MESH-NO-TERMINAL"))
    #expect(!FileManager.default.fileExists(atPath: folder.path + "/told"))
  }
}
