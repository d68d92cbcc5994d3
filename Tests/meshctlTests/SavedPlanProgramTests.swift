import Foundation
import Testing

/// `plan --out`, `show` and `apply PLAN` as a user runs them, on a simulated mesh.
@Suite struct SavedPlanProgramTests {
  struct Mesh: ~Copyable {
    let scratch: Scratch
    let world = ["--simulate", "--world", "world.json"]

    init(_ inventory: String = Scratch.quickstart) throws {
      let scratch = try Scratch()
      _ = try scratch.file("inventory.yaml", inventory)
      self.scratch = scratch
    }

    func run(_ arguments: [String]) async throws -> MeshctlProgram.Ending {
      try await MeshctlProgram.run(arguments, in: scratch.path)
    }

    func text(_ file: String) throws -> String {
      try String(contentsOfFile: scratch.path + "/" + file, encoding: .utf8)
    }
  }

  @Test func savedShownAndApplied() async throws {
    let mesh = try Mesh()
    let saved = try await mesh.run(["plan", "--out", "p.json"] + mesh.world)
    #expect(saved.exit == 0)
    #expect(saved.errors.contains("meshctl apply p.json --simulate --world "))
    let shown = try await mesh.run(["show", "p.json"])
    #expect(shown.exit == 0)
    #expect(shown.output == saved.output)
    let applied = try await mesh.run(["apply", "p.json", "--auto-approve"] + mesh.world)
    #expect(applied.exit == 0)
    #expect(applied.output.contains("Apply: 2 changed."))
    let again = try await mesh.run(["apply", "p.json", "--auto-approve"] + mesh.world)
    #expect(again.exit == 6)
    #expect(again.errors.contains("error[MESH-APPLY-MOVED]: p.json no longer holds"))
    #expect(again.errors.contains("web-1: was to join, now in sync"))
  }

  /// The command that is printed works as it stands: with the world and the nodes of the plan.
  @Test(arguments: [["--world", "a world.json"], [], ["--world", "w.json"]])
  func thePrintedCommandWorks(world: [String]) async throws {
    let mesh = try Mesh()
    _ = try mesh.scratch.file("nodes.json", #"{"nodes":[]}"#)
    let saved = try await mesh.run(
      ["plan", "--out", "p.json", "--simulate", "--nodes", "nodes.json"] + world)
    #expect(saved.exit == 0, "\(saved.errors)")
    let line = try #require(
      saved.errors.split(separator: "\n").last { $0.contains("carry it out") })
    let command = try #require(line.split(separator: "to carry it out: meshctl ").last)
    #expect(command.contains("--simulate") && command.hasSuffix("--nodes nodes.json"), "\(command)")
    let applied = try await MeshctlProgram.shell(
      "\"$MESHCTL\" \(command) --auto-approve", in: mesh.scratch.path)
    #expect(applied.exit == 0, "\(applied.errors)")
    #expect(applied.output.contains("Apply: 2 changed."))
  }

  @Test func nodesFromAPipeComeFromAPipeAgain() async throws {
    let mesh = try Mesh()
    let saved = try await MeshctlProgram.shell(
      "echo '{\"nodes\":[]}' | \"$MESHCTL\" plan --out p.json --simulate --nodes -",
      in: mesh.scratch.path)
    #expect(
      saved.errors.contains("meshctl apply p.json --simulate --nodes - --auto-approve <NODES"))
    let applied = try await MeshctlProgram.shell(
      "echo '{\"nodes\":[]}' >NODES; \"$MESHCTL\" apply p.json --simulate --nodes - --auto-approve <NODES",
      in: mesh.scratch.path)
    #expect(applied.exit == 0, "\(applied.errors)")
  }

  @Test(arguments: ["text", "json", "markdown", "html"]) func showSaysWhatPlanSaid(
    format: String
  ) async throws {
    let mesh = try Mesh()
    let plan = try await mesh.run(
      ["plan", "--simulate", "--out", "p.json", "--format", format])
    let shown = try await mesh.run(["show", "p.json", "--format", format])
    #expect(plan.exit == 0 && shown.exit == 0)
    #expect(shown.output == plan.output)
    #expect(plan.output.hasSuffix("\n"))
  }

  @Test func showReadsStandardInput() async throws {
    let mesh = try Mesh()
    let ending = try await MeshctlProgram.shell(
      "\"$MESHCTL\" plan --simulate --format json | \"$MESHCTL\" show -", in: mesh.scratch.path)
    #expect(ending.exit == 0)
    #expect(ending.output.contains("Plan: 2 to join"))
  }

  /// The flags come from the plan: one host was planned, one is joined.
  @Test func theFlagsOfThePlanAreUsed() async throws {
    let mesh = try Mesh()
    let saved = try await mesh.run(["plan", "--limit", "desk", "--out", "p.json"] + mesh.world)
    #expect(saved.exit == 0)
    let applied = try await mesh.run(["apply", "p.json", "--auto-approve"] + mesh.world)
    #expect(applied.exit == 0)
    #expect(applied.output.contains("Apply: 1 changed."))
    let rest = try await mesh.run(["plan"] + mesh.world)
    #expect(rest.output.contains("Plan: 1 to join"))
  }

  @Test(arguments: [
    ["--limit", "desk"], ["--exclude", "desk"], ["--prune"], ["--allow-move"], ["--probe"],
    ["--max-deletes", "3"], ["--max-changes", "off"],
  ]) func otherFlagsAreRefused(flags: [String]) async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--simulate", "--out", "p.json"]).exit == 0)
    let ending = try await mesh.run(["apply", "p.json", "--simulate", "--auto-approve"] + flags)
    #expect(ending.exit == 64)
    #expect(ending.errors.contains("brings its own flags: leave out \(flags[0])"))
  }

  /// A plan file cannot turn a guard off: whoever applies it has to say so too.
  @Test(arguments: [
    ["--prune"], ["--allow-move"], ["--max-deletes", "off"], ["--max-changes", "50%"],
    ["--prune", "--allow-move", "--max-deletes", "3", "--max-changes", "off"],
  ]) func flagsThatLoosenGuardsAreGivenAgain(flags: [String]) async throws {
    let mesh = try Mesh()
    let command = "meshctl apply p.json " + flags.joined(separator: " ")
    let saved = try await mesh.run(["plan", "--out", "p.json"] + mesh.world + flags)
    #expect(saved.exit == 0)
    #expect(saved.output.contains("Flags: \(flags[0])"))
    #expect(saved.errors.contains("to carry it out: " + command))
    for shown in ["text", "markdown", "html"] {
      let ending = try await mesh.run(["show", "p.json", "--format", shown])
      #expect(ending.output.contains("Flags: \(flags[0])"), "\(shown)")
    }
    let apply = ["apply", "p.json", "--auto-approve"] + mesh.world
    let bare = try await mesh.run(apply)
    #expect(bare.exit == 64)
    #expect(bare.output.isEmpty)
    #expect(bare.errors.contains(command))
    let before = try await mesh.run(["plan"] + mesh.world)
    #expect(before.output.contains("Plan: 2 to join"))
    let applied = try await mesh.run(apply + flags)
    #expect(applied.exit == 0)
    #expect(applied.output.contains("Apply: 2 changed."))
  }

  /// The same flag with another value, or only some of the flags, is not the same.
  @Test(arguments: [["--max-deletes", "2"], ["--max-deletes", "off"], ["--allow-move"]])
  func otherValuesAreRefused(flags: [String]) async throws {
    let mesh = try Mesh()
    let saved = try await mesh.run(
      ["plan", "--simulate", "--out", "p.json", "--allow-move", "--max-deletes", "3"])
    #expect(saved.exit == 0)
    let ending = try await mesh.run(["apply", "p.json", "--simulate", "--auto-approve"] + flags)
    #expect(ending.exit == 64)
    #expect(
      ending.errors.contains(
        "meshctl apply p.json --allow-move --max-deletes 3 --simulate"))
  }

  /// A guard that somebody turned off in the file afterwards.
  @Test func aFlagWrittenIntoThePlanIsNotFollowed() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--out", "p.json"] + mesh.world).exit == 0)
    let forged = try mesh.text("p.json")
      .replacing(
        #/"flags" : \{\s*/#, with: "\"flags\" : {\"maxDeletes\" : \"off\", ", maxReplacements: 1
      )
      .replacing(#/, \}/#, with: "}", maxReplacements: 1)
    _ = try mesh.scratch.file("p.json", forged)
    #expect(try await mesh.run(["show", "p.json"]).output.contains("Flags: --max-deletes off"))
    let ending = try await mesh.run(["apply", "p.json", "--auto-approve"] + mesh.world)
    #expect(ending.exit == 64)
    #expect(ending.errors.contains("meshctl apply p.json --max-deletes off"))
  }

  @Test func anotherInventoryIsExitSixAndIsNotQuoted() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--out", "p.json"] + mesh.world).exit == 0)
    _ = try mesh.scratch.file("inventory.yaml", "secret: hskey-auth-SECRET\n")
    let ending = try await mesh.run(["apply", "p.json", "--auto-approve"] + mesh.world)
    #expect(ending.exit == 6)
    #expect(ending.errors.contains("error[MESH-PLAN-INVENTORY]"))
    #expect(
      ending.errors.contains("./inventory.yaml is not the inventory that p.json was made from"))
    #expect(!ending.errors.contains("SECRET"))
  }

  @Test func aMissingInventoryIsNamed() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--simulate", "--out", "p.json"]).exit == 0)
    try FileManager.default.removeItem(atPath: mesh.scratch.path + "/inventory.yaml")
    let ending = try await mesh.run(["apply", "p.json", "--simulate", "--auto-approve"])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("cannot read the inventory of p.json ./inventory.yaml"))
  }

  @Test func aSimulatedPlanIsNotForTheRealMesh() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--simulate", "--out", "p.json"]).exit == 0)
    let ending = try await mesh.run(["apply", "p.json", "--auto-approve"])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-PLAN-SIMULATED]"))
  }

  @Test func aPlanStillAsks() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--simulate", "--out", "p.json"]).exit == 0)
    let ending = try await mesh.run(["apply", "p.json", "--simulate"])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-NO-TERMINAL]"))
  }

  /// Whatever the file says, what is done is what is planned now.
  @Test func aForgedPlanChangesNothing() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--out", "p.json"] + mesh.world).exit == 0)
    let forged = try mesh.text("p.json").replacing("\"tag:web\"", with: "\"tag:admin\"")
    _ = try mesh.scratch.file("p.json", forged)
    let ending = try await mesh.run(["apply", "p.json", "--auto-approve"] + mesh.world)
    #expect(ending.exit == 6)
    #expect(ending.errors.contains("planned tags: none → tag:admin, now tags: none → tag:web"))
    let plan = try await mesh.run(["plan"] + mesh.world)
    #expect(plan.output.contains("Plan: 2 to join"))
  }

  @Test func jsonEndsWithASummaryToo() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--out", "p.json"] + mesh.world).exit == 0)
    #expect(try await mesh.run(["apply", "--auto-approve"] + mesh.world).exit == 0)
    let ending = try await mesh.run(
      ["apply", "p.json", "--auto-approve", "--format", "json"] + mesh.world)
    #expect(ending.exit == 6)
    let last = try #require(ending.output.split(separator: "\n").last)
    #expect(last.contains("\"type\":\"summary\"") && last.contains("\"exitCode\":6"))
    #expect(last.contains("MESH-APPLY-MOVED"))
  }

  @Test func aDamagedPlanIsNoInventory() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--simulate", "--out", "p.json"]).exit == 0)
    let text = try mesh.text("p.json")
    _ = try mesh.scratch.file("p.json", String(text.prefix(text.count / 2)))
    for verb in [["show", "p.json"], ["apply", "p.json", "--simulate", "--auto-approve"]] {
      let ending = try await mesh.run(verb)
      #expect(ending.exit == 1)
      #expect(ending.errors.contains("error[MESH-PLAN-FILE]: p.json is not a plan"))
      #expect(ending.errors.split(separator: "\n").count < 6)
    }
  }

  @Test func aNewerMajorFormatIsRefused() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--simulate", "--out", "p.json"]).exit == 0)
    let newer = try mesh.text("p.json")
      .replacing(#/"formatVersion" : "1\.[0-9]+"/#, with: "\"formatVersion\" : \"2.3\"")
    _ = try mesh.scratch.file("p.json", newer)
    let ending = try await mesh.run(["apply", "p.json", "--simulate", "--auto-approve"])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-PLAN-FORMAT]: p.json is a plan of format 2.3"))
  }

  /// `--out inventory.yaml` is easily typed.
  @Test(arguments: ["inventory.yaml", "note.txt", "."]) func onlyPlansAreOverwritten(
    file: String
  ) async throws {
    let mesh = try Mesh()
    _ = try mesh.scratch.file("note.txt", "{\"a\": 1}")
    let before = try? mesh.text(file)
    let ending = try await mesh.run(["plan", "--simulate", "--out", file])
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("error[MESH-PLAN-OUT]"))
    #expect(ending.output.isEmpty)
    let after = try? mesh.text(file)
    #expect(after == before)
  }

  @Test func aPlanIsOverwrittenByTheNext() async throws {
    let mesh = try Mesh()
    #expect(try await mesh.run(["plan", "--simulate", "--out", "p.json"]).exit == 0)
    let ending = try await mesh.run(
      ["plan", "--simulate", "--limit", "desk", "--out", "p.json"])
    #expect(ending.exit == 0)
    #expect(try await mesh.run(["show", "p.json"]).output.contains("Plan: 1 to join"))
    let left = try FileManager.default.contentsOfDirectory(atPath: mesh.scratch.path).sorted()
    #expect(left == ["inventory.yaml", "p.json"])
  }

  @Test(arguments: [
    (["plan", "--prune", "--limit", "a"], "--prune works on the whole inventory"),
    (["apply", "--prune", "--exclude", "a"], "--prune works on the whole inventory"),
    (["plan", "--max-deletes", "-1"], "--max-deletes"),
    (["plan", "--max-deletes", "5 %"], "--max-deletes"),
    (["plan", "--max-changes", "101%"], "--max-changes"),
    (["plan", "--max-changes", "all"], "--max-changes"),
    (["plan", "--out", "-"], "--out needs a file"),
    (["plan", "-", "--out", "p.json"], "--out needs an inventory in a file"),
    (["apply", "--format", "markdown"], "--format"),
    (["status", "--pins", "--format", "json"], "--pins"),
    (["status", "--probe", "--nodes", "n.json"], "--probe connects to hosts"), (["show"], "plan"),
  ]) func usageIs64(arguments: [String], words: String) async throws {
    let ending = try await MeshctlProgram.run(arguments)
    #expect(ending.exit == 64)
    #expect(ending.errors.contains(words))
    #expect(ending.output.isEmpty)
  }
}
