import Testing

/// Help that people and scripts rely on.
@Suite struct HelpTests {
  @Test(arguments: ["validate", "plan", "apply", "schema", "verify", "doctor", "prepare", "init"])
  func everyVerbExplainsItself(verb: String) async throws {
    let ending = try await MeshctlProgram.run([verb, "--help"])
    #expect(ending.exit == 0)
    #expect(ending.output.contains("USAGE: meshctl \(verb)"))
    #expect(ending.errors.isEmpty)
  }

  @Test func helpOfPlanNamesItsExitStatuses() async throws {
    let ending = try await MeshctlProgram.run(["plan", "--help"])
    #expect(ending.output.contains("--detailed-exitcode"))
    #expect(ending.output.contains("Exit status"))
  }
}
