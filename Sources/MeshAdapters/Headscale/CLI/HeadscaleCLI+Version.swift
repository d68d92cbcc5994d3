import MeshCore

/// Finding out the version of a command.
extension HeadscaleCLI {
  /// Asks the command, then, where it was built by hand, looks at what it can do.
  ///
  /// The command and its server are one program; a server that was not restarted after an upgrade is
  /// the one case in which they differ.
  func version() async throws -> HeadscaleVersion {
    let purpose = "read the version"
    let answer = try await run(
      HeadscaleCommand.version, to: purpose, limit: APIRequest.smallAnswer)
    if answer.status != 0 {
      if let old = try await plainVersion(answer) { return old }
      throw words.problem(answer, to: purpose)
    }
    let stated: WireVersion
    do {
      stated = try CLIOutput(answer.output).decode(WireVersion.self)
    } catch {
      throw words.notHeadscale(answer)
    }
    if let version = HeadscaleVersion(stated.version) { return version }
    return try await abilities()
  }

  /// 0.26 defines no flag at all where its first word is `version`, and prints `v0.26.1` alone.
  private func plainVersion(_ refused: HeadscaleAnswer) async throws -> HeadscaleVersion? {
    guard CLIWords.error(in: refused)?.contains("unknown shorthand flag") == true else {
      return nil
    }
    let answer = try await success(
      of: ["version"], to: "read the version", limit: APIRequest.smallAnswer)
    return answer.output.split(whereSeparator: \.isWhitespace).last
      .flatMap { HeadscaleVersion(String($0)) }
  }

  /// Tells the version by the flags that its help names; help asks no server.
  private func abilities() async throws -> HeadscaleVersion {
    func help(_ words: String...) async throws -> String {
      try await run(
        words + ["--help"], to: "read its help", limit: APIRequest.smallAnswer
      ).output
    }
    if try await help("nodes", "expire").contains("--disable") {
      let isNewer = try await help("policy", "get").contains("--bypass-server-")
      return HeadscaleVersion(0, isNewer ? 30 : 29, suffix: isNewer ? "dev" : "")
    }
    if try await help("preauthkeys", "expire").contains("--id") { return HeadscaleVersion(0, 28) }
    let hasRoutes = try await help("nodes").contains("approve-routes")
    return HeadscaleVersion(0, hasRoutes ? 26 : 25)
  }
}
