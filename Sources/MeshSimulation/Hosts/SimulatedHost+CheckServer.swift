import MeshCore

extension SimulatedHost {
  /// The `check-server` script, which asks whether the server answers from here.
  func checkServer(_ run: inout ScriptRun) {
    let url = run.parameters["URL"] ?? ""
    let host = run.parameters["HOST"] ?? ""
    let tool = checkingTool(run.parameters["SCHEME"] ?? "")
    var said = Said(verdict: "ok", evidence: "HTTP status 200", tool: tool ?? "")
    let isAddress = IPPrefix.addressBytes(host) != nil
    if !isAddress, isUnresolvable(url, run) {
      said.verdict = "resolve"
      said.evidence = "\(host) does not resolve here (getent)"
      said.tool = "getent"
      tryCandidates(&said, run)
    } else if tool == nil {
      said.verdict = "no-tool"
      said.evidence = "none of curl, wget, python3, bash (http) and openssl (https) works here"
      said.address = isAddress ? host : run.serverAddress
    } else {
      said.address = isAddress ? host : run.serverAddress
      if contactProblem(url, run) != nil {
        said.verdict = "connect"
        said.evidence =
          "curl exit 7: curl: (7) Failed to connect to \(host) port"
          + " \(run.parameters["PORT"] ?? ""): Connection refused"
      }
    }
    said.answer(&run, mdns: isAddress ? "" : "no", container: isWSL ? "wsl" : "none")
  }

  /// What the sections say.
  private struct Said {
    var verdict: String
    var evidence: String
    var tool: String
    var address = ""
    var candidate = ""
    var candidates: [String] = []

    func answer(_ run: inout ScriptRun, mdns: String, container: String) {
      run.answer("verdict", 0, verdict)
      run.answer("evidence", 0, evidence)
      run.answer("tool", 0, tool)
      run.answer("address", 0, address)
      run.answer("mdns", 0, address.isEmpty ? "" : mdns)
      run.answer("candidate", 0, candidate)
      run.answer("candidates", 0, candidates.joined(separator: "\n"))
      // One clock counts for the whole world.
      run.answer("clock", 0, ["resolve", "connect", "no-tool"].contains(verdict) ? "" : "0")
      run.answer("proxy", 0, "")
      run.answer("proxied", 0, "")
      run.answer("container", 0, container)
    }
  }

  private func checkingTool(_ scheme: String) -> String? {
    let raw = scheme == "http" ? "bash" : "openssl"
    return (["curl", "wget", "python3"] + [raw]).first(where: tools.contains)
  }

  private func isUnresolvable(_ url: String, _ run: ScriptRun) -> Bool {
    contactProblem(url, run)?.hasPrefix("failed to resolve") == true
  }

  private func tryCandidates(_ said: inout Said, _ run: ScriptRun) {
    for url in (run.parameters["CANDIDATES"] ?? "").split(separator: "\n").map(String.init) {
      guard checkingTool("http") != nil else { return }
      guard contactProblem(url, run) == nil else {
        said.candidates.append("\(url) connect curl exit 7: Connection refused")
        continue
      }
      said.candidates.append("\(url) ok HTTP status 200")
      said.candidate = url
      return
    }
  }
}
