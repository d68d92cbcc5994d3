import MeshCore
import MeshTestSupport
import Testing

/// What a host's answer means for each of its questions.
@Suite struct ReachJudgeTests {
  private func judged(
    _ sections: [String: ScriptReport.Section]
  ) throws -> ReachJudge.Finding {
    let mesh = try ReachMesh(
      "hosts:\n  ha: {owner: alice, expect: [\"hb:22\"]}\n  hb: {owner: alice}\n")
    let plan = mesh.plan(askers: ["ha"])
    return ReachJudge(plan.questions[0], member: plan.members[0])
      .finding(of: ScriptReport(sections: sections))
  }

  static let pings: [(Int, String, DiagnosticCode)] = [
    (1, "no reply", .reachNoAnswer), (1, "no matching peer", .reachNoPeer),
    (1, "unknown peer", .reachNoPeer), (1, "peer's node key has expired", .reachExpired),
    (0, "100.64.0.2 is local Tailscale IP", .reachIdentity), (1, "what?", .reachUnclear),
    (1, "", .reachUnclear), (124, "", .reachNoAnswer),
  ]

  @Test(arguments: pings) func aPairSaysWhy(status: Int, text: String, code: DiagnosticCode) throws
  {
    let found = try judged([
      "status": ReachMesh.status(1), "ping-1": .init(status: status, text: text),
      "endpoint-1": .init(status: 0, text: ""),
    ])
    let finding = try #require(found.pairs.first?.outcome.finding)
    #expect(finding.code == code && finding.host == "ha" && finding.hint?.isEmpty == false)
    #expect(found.refusal == nil && found.expectations.first?.outcome == .reached(nil))
  }

  static let endpoints: [(Int, String, DiagnosticCode)] = [
    (1, "Connection refused", .reachRefused), (1, "timed out", .reachTimeout),
    (1, "Name or service not known", .reachResolve), (1, "No route to host", .reachNoRoute),
    (127, "none of python3, bash, nc and curl is here", .reachNotAsked), (5, "?", .reachUnclear),
  ]

  @Test(arguments: endpoints)
  func anEndpointSaysWhy(status: Int, text: String, code: DiagnosticCode) throws {
    let found = try judged([
      "status": ReachMesh.status(1), "ping-1": .init(status: 1, text: "no reply"),
      "endpoint-1": .init(status: status, text: text),
    ])
    let finding = try #require(found.expectations.first?.outcome.finding)
    #expect(finding.code == code && finding.hint?.isEmpty == false)
  }

  @Test func whatTheScriptDidNotComeToIsNotAsked() throws {
    let found = try judged(["status": ReachMesh.status(1)])
    #expect(found.pairs.first?.outcome.finding?.code == .reachNotAsked)
    #expect(found.expectations.first?.outcome.finding?.code == .reachNotAsked)
  }

  static let clients: [(ScriptReport.Section, DiagnosticCode)] = [
    (.init(status: 127, text: "tailscale: not found"), .reachClient),
    (.init(status: 77, text: "Tailscale runs in server mode for W\\anna"), .reachClient),
    (.init(status: 1, text: "failed to connect to local tailscaled"), .reachClient),
    (ReachMesh.status(1, state: "Stopped"), .reachClient),
    (ReachMesh.status(1, state: "NeedsLogin"), .reachClient),
    (ReachMesh.status(2), .reachIdentity),
  ]

  @Test(arguments: clients)
  func aHostThatCannotAskIsSaidOnce(status: ScriptReport.Section, code: DiagnosticCode) throws {
    let found = try judged([
      "status": status, "ping-1": .init(status: 1, text: "Logged out."),
      "endpoint-1": .init(status: 1, text: "timed out"),
    ])
    #expect(found.refusal?.code == code && found.pairs.isEmpty)
    #expect(found.expectations.first?.outcome.finding?.code == .reachTimeout)
  }

  @Test func aClientThatStopsMeanwhileIsSaidOnceToo() throws {
    let found = try judged([
      "status": ReachMesh.status(1), "ping-1": .init(status: 1, text: "Tailscale is stopped."),
    ])
    #expect(found.refusal?.code == .reachClient && found.pairs.isEmpty)
  }

  @Test func startingIsGoodEnough() throws {
    let found = try judged([
      "status": ReachMesh.status(1, state: "Starting"),
      "ping-1": .init(status: 0, text: "pong from b (100.64.0.2) via 10.0.0.2:1 in 1ms"),
    ])
    #expect(found.refusal == nil)
    #expect(
      found.pairs.first?.outcome
        == .direct(ReachPath(isDirect: true, via: "10.0.0.2:1", milliseconds: 1)))
  }
}
