import Foundation
import MeshCore
import Testing

/// `verify` in real shells, with a client that is a script.
@Suite(.serialized, .timeLimit(.minutes(3))) struct VerifyScriptTests {
  /// Answers by the last word: what each address says.
  private static let client = """
    #!/bin/sh
    case $1 in
    status) printf '{"BackendState":"Running"}\\n'; exit ${STATUS:-0} ;;
    ping) ;;
    *) exit 9 ;;
    esac
    for word; do address=$word; done
    printf '%s\\n' "$*" >>"$LOG"
    case $address in
    *.1) echo "pong from one ($address) via 198.51.100.1:41641 in 2ms" ;;
    *.2) echo "pong from two ($address) via DERP(lab) in 9ms"
      echo 'direct connection not established' >&2; exit 1 ;;
    *.3) # idle: the first try gets no answer
      if mkdir "$LOG.d" 2>/dev/null; then echo "ping \\"$address\\" timed out"; echo 'no reply' >&2; exit 1; fi
      echo "pong from three ($address) via 198.51.100.3:41641 in 4ms" ;;
    *.4) echo 'no matching peer' >&2; exit 1 ;;
    *.5) exec sleep 60 ;;
    *) echo "pong from more ($address) via 10.0.0.1:1 in 1ms" ;;
    esac
    """

  private func run(
    _ shell: [String], _ targets: ReachTargets, replacing: [String: String] = [:],
    environment: [String: String] = [:], client: String? = VerifyScriptTests.client
  ) async throws -> (report: ScriptReport, log: [String], folder: String) {
    let bin = try ShellRun.folder(with: client == nil ? "nothing" : "tailscale", client ?? "")
    defer { try? FileManager.default.removeItem(at: bin) }
    var call = RemoteCall.verify(targets)
    for index in call.parameters.indices {
      if let value = replacing[call.parameters[index].name] { call.parameters[index].value = value }
    }
    let input = try ScriptRendering.standardInput(of: call, mark: "m").reveal()
    let log = bin.appending(path: "log").path
    let output = try await ShellRun.output(
      shell, input, path: bin.path,
      environment: environment.merging(["LOG": log, "TMPDIR": bin.path]) { $1 })
    let lines = ((try? String(contentsOfFile: log, encoding: .utf8)) ?? "").split(separator: "\n")
    let left = try FileManager.default.contentsOfDirectory(atPath: bin.path)
      .filter { $0.hasPrefix("meshctl.") }
    #expect(left.isEmpty, "the private folder is removed")
    return (ScriptReport(parsing: output, mark: "m"), lines.map(String.init), bin.path)
  }

  @Test(arguments: ShellRun.shells) func everyPeerHasItsSection(shell: [String]) async throws {
    let peers = (1...4).map { "100.64.0.\($0)" } + (10...29).map { "100.64.0.\($0)" }
    let (report, log, _) = try await run(shell, ReachTargets(peers: peers))
    #expect(report.isComplete)
    let answers = peers.indices.map { index in
      report.sections["ping-\(index + 1)"].map { PingAnswer(status: $0.status, text: $0.text) }
    }
    func direct(_ via: String, _ time: Double) -> PingAnswer {
      .pong(ReachPath(isDirect: true, via: via, milliseconds: time))
    }
    #expect(answers[0] == direct("198.51.100.1:41641", 2))
    #expect(answers[1] == .pong(ReachPath(isDirect: false, via: "DERP(lab)", milliseconds: 9)))
    #expect(answers[2] == direct("198.51.100.3:41641", 4), "the second try counts")
    #expect(answers[3] == .noPeer)
    #expect(answers.dropFirst(4).allSatisfy { $0 == direct("10.0.0.1:1", 1) })
    #expect(log.count == peers.count + 2, "one second try for each that gave no pong")
    #expect(log.contains("ping --c=3 --timeout=3s 100.64.0.1"))
    #expect(report.text("status") == #"{"BackendState":"Running"}"#)
  }

  /// A peer that never answers is cut off, and what was not begun in time has no section.
  @Test(arguments: ShellRun.shells) func timeIsBounded(shell: [String]) async throws {
    let began = ContinuousClock.now
    let (report, _, _) = try await run(
      shell, ReachTargets(peers: ["100.64.0.5", "100.64.0.10", "100.64.0.5", "100.64.0.11"]),
      replacing: ["PINGS": "1", "WAIT": "0", "WIDTH": "2", "LIMIT": "3"])
    #expect(ContinuousClock.now - began < .seconds(60))
    #expect(report.isComplete)
    let first = try #require(report.sections["ping-1"])
    #expect(PingAnswer(status: first.status, text: first.text) == .noAnswer)
    #expect(report.sections["ping-2"]?.status == 0)
    #expect(report.sections["ping-3"] == nil, "its worker was out of time")
    #expect(report.sections["ping-4"]?.status == 0)
  }

  @Test(arguments: ShellRun.shells) func withoutAClientNobodyIsPinged(shell: [String]) async throws
  {
    let (none, _, _) = try await run(shell, ReachTargets(peers: ["100.64.0.1"]), client: nil)
    #expect(none.isComplete && none.status("status") == 127 && none.sections["ping-1"] == nil)
    let (down, log, _) = try await run(
      shell, ReachTargets(peers: ["100.64.0.1"]), environment: ["STATUS": "1"])
    #expect(down.isComplete && down.status("status") == 1 && down.sections["ping-1"] == nil)
    #expect(log.isEmpty)
  }

  /// Real sockets of this machine: one that listens, one that does not, a name that is none.
  @Test(arguments: ShellRun.shells, ["python3", "bash", "nc", "curl"])
  func endpointsByEveryTool(shell: [String], tool: String) async throws {
    guard ShellRun.find(tool) != nil else { return }
    let listener = try LoopbackListener()
    defer { listener.close() }
    let endpoints = [
      ReachEndpoint(label: "open", address: "127.0.0.1", port: listener.port),
      ReachEndpoint(label: "closed", address: "127.0.0.1", port: 9),
      ReachEndpoint(label: "nowhere", address: "meshctl-nowhere.invalid", port: 80),
    ]
    // Only one of the programs is there.
    var script = try ScriptRendering.standardInput(
      of: .verify(ReachTargets(peers: [], endpoints: endpoints)), mark: "m"
    ).reveal()
    let loop = "for candidate in python3 bash nc curl; do"
    #expect(script.contains(loop))
    script = script.replacing(loop, with: "for candidate in \(tool); do")
    let report = ScriptReport(parsing: try await ShellRun.output(shell, script), mark: "m")
    #expect(report.isComplete)
    let answers = endpoints.indices.map { index in
      report.sections["endpoint-\(index + 1)"].map {
        EndpointAnswer(status: $0.status, text: $0.text)
      }
    }
    guard case .reached? = answers[0] else {
      Issue.record("\(tool): \(report.sections)")
      return
    }
    #expect(answers[1] == .refused, "\(report.sections)")
    #expect(answers[2] == .unresolved, "\(report.sections)")
  }

  @Test(arguments: ShellRun.shells) func hostileTargetsAreData(shell: [String]) async throws {
    let (report, log, folder) = try await run(
      shell,
      ReachTargets(
        peers: ["$(touch pwned)", "a; touch pwned", "'\"`touch pwned`"],
        endpoints: [ReachEndpoint(label: "x", address: "$(touch pwned)", port: 1)]))
    #expect(report.isComplete)
    #expect(log.contains("ping --c=3 --timeout=3s $(touch pwned)"))
    #expect(!FileManager.default.fileExists(atPath: folder + "/pwned"))
    #expect(!FileManager.default.fileExists(atPath: "pwned"))
  }

  /// A connection that is lost ends the pings too.
  @Test(arguments: ShellRun.shells) func aTerminatedRunLeavesNothing(shell: [String]) async throws {
    let bin = try ShellRun.folder(
      with: "tailscale",
      "#!/bin/sh\n[ \"$1\" = status ] && exit 0\necho $$ >>\"$LOG\"\nexec sleep 61\n")
    defer { try? FileManager.default.removeItem(at: bin) }
    let input = try ScriptRendering.standardInput(
      of: .verify(ReachTargets(peers: ["100.64.0.5", "100.64.0.6", "100.64.0.7"])), mark: "m")
    let inner = bin.appending(path: "input").path
    try Data(input.reveal().utf8).write(to: URL(filePath: inner))
    let words = shell.joined(separator: " ")
    let driver = """
      export LOG=\(bin.path)/pids TMPDIR=\(bin.path)
      : >"$LOG"
      \(words) -s <\(inner) >/dev/null 2>&1 & p=$!
      n=0; while [ "$(wc -l <"$LOG")" -lt 3 ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
      kill -TERM $p; wait $p; echo "code=$?"
      n=0; left=3
      while [ $left -gt 0 ] && [ $n -lt 50 ]; do
        sleep 0.1; n=$((n + 1)); left=0
        while read -r q; do if kill -0 $q 2>/dev/null; then left=$((left + 1)); fi; done <"$LOG"
      done
      echo "left=$left folders=$(ls -d \(bin.path)/meshctl.* 2>/dev/null | wc -l)"
      """
    let said = try await ShellRun.output(["bash"], driver, path: bin.path)
    #expect(said == "code=143\nleft=0 folders=0\n")
  }
}
