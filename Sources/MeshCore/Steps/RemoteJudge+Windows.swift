/// Judges the installation on Windows, whose evidence names the exit codes of both installers.
extension RemoteJudge {
  static func installOnWindows(
    _ answer: RemoteAnswer, _ host: Host
  ) -> Result<RemoteVerdict, Failure> {
    let report = answer.report
    let evidence = report.text("evidence") ?? ""
    guard report.isComplete, let status = report.status("stage") else {
      return .failure(
        cutOrFailed(
          answer, host, .installPackage, "the installation did not finish", "evidence"))
    }
    let msiexec = code(of: "msiexec", in: evidence).map(MsiexecClassifier.verdict)
    if status == 0 {
      let version = report.text("version") ?? ""
      var verdict = RemoteVerdict(
        detail: "tailscale \(version)", client: ClientFacts(version: version))
      if code(of: "winget", in: evidence) != nil {
        verdict.detail += " by winget --source winget"
        verdict.warnings.append(secondWay(evidence, msiexec: msiexec, host))
      }
      if let msiexec, [3010, 1641].contains(msiexec.code) {
        verdict.warnings.append(
          Diagnostic(
            .targetReboot, .warning, "\(host.key): the client is \(msiexec.words)",
            detail: "It works until then, mostly.", hint: "restart \(host.key)", host: host.key))
      }
      return .success(verdict)
    }
    return .failure(
      Failure(failure(report.text("stage") ?? "", evidence, msiexec: msiexec, host)))
  }

  /// The MSI was not to be had, so winget installed the client; it is never asked for more than its own
  /// source.
  private static func secondWay(
    _ evidence: String, msiexec: MsiexecClassifier.Verdict?, _ host: Host
  ) -> Diagnostic {
    let why =
      msiexec?.problem == nil
      ? "the MSI could not be fetched" : "the MSI failed (msiexec \(msiexec?.code ?? 0))"
    return Diagnostic(
      .installByWinget, .warning,
      "\(why) on \(host.key), so winget installed the client, with --source winget",
      detail:
        "winget's other source, msstore, is never asked: its certificate error (0x8A15005E) is"
        + " known, and ends installations.",
      evidence: TextEvidence.line(containing: ".msi: ", in: evidence)
        ?? TextEvidence.line(containing: "msiexec: ", in: evidence),
      hint: "to install from a place of your own, tailscale: {mirror: https://…} for \(host.key)",
      host: host.key)
  }

  /// The installer that says most: a file that must not be run, then winget's word, then msiexec's.
  private static func failure(
    _ stage: String, _ evidence: String, msiexec: MsiexecClassifier.Verdict?, _ host: Host
  ) -> Diagnostic {
    func finding(_ code: DiagnosticCode, _ message: String, _ hint: String, _ detail: String)
      -> Diagnostic
    {
      Diagnostic(
        code, .error, message, detail: detail, evidence: TextEvidence.lastLine(of: evidence),
        hint: hint.replacing("HOST", with: host.key), host: host.key)
    }
    if stage == "key" {
      return finding(
        .installSignature, "what was downloaded for \(host.key) is not the vendor's installer",
        "check tailscale.mirror and tailscale.sha256 of HOST",
        "It was not run: size, checksum or signature are not as they should be.")
    }
    let winget = code(of: "winget", in: evidence).map {
      WingetClassifier.verdict($0, text: evidence)
    }
    let second = winget.flatMap { $0.problem == nil ? nil : "winget: \($0.words)." }
    if stage == "download" {
      return finding(
        .installDownload, "the installer for \(host.key) could not be fetched",
        "on HOST: curl -I https://pkgs.tailscale.com/stable/, or set tailscale.mirror",
        ["Windows fetches it itself, through its own network.", second].compactMap(\.self)
          .joined(separator: " "))
    }
    if let msiexec, let problem = msiexec.problem {
      return finding(
        problem, "\(host.key): \(msiexec.words) (msiexec \(msiexec.code))", msiexec.hint,
        [msiexec.retries ? "It may pass by itself." : nil, second].compactMap(\.self)
          .joined(separator: " "))
    }
    return finding(
      .installPackage, "the client on \(host.key) is not as it should be after the installation",
      "meshctl plan --probe --limit HOST", second ?? "The installer itself reported no failure.")
  }

  /// The last `NAME: exit CODE` of the evidence.
  private static func code(of name: String, in evidence: String) -> Int? {
    evidence.split(separator: "\n").reversed().lazy.compactMap { line in
      line.hasPrefix("\(name): exit ") ? Int(line.dropFirst("\(name): exit ".count)) : nil
    }.first
  }
}
