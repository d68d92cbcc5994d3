import MeshCore
import MeshTestSupport
import Testing

/// Who asks whom, from inventory and node list.
@Suite struct ReachPlanTests {
  @Test func everybodyAsksEverybodyElse() throws {
    let plan = try ReachMesh(names: ["web-1", "db-1", "desk"]).plan()
    #expect(plan.questions.map(\.host) == ["web-1", "db-1", "desk"])
    #expect(
      plan.questions.map { $0.peers.map(\.host) } == [
        ["db-1", "desk"], ["web-1", "desk"], ["web-1", "db-1"],
      ])
    #expect(plan.questions[0].targets.peers == ["100.64.0.2", "100.64.0.3"])
    #expect(plan.sample == nil && plan.unasked.isEmpty)
  }

  @Test func limitSaysWhoAsksAndExcludeWhoIsLeftOut() throws {
    let mesh = try ReachMesh(names: ["web-1", "db-1", "desk"])
    let plan = mesh.plan(askers: ["web-1"], peers: ["web-1", "db-1"])
    #expect(plan.members.map(\.host) == ["web-1", "db-1"])
    #expect(plan.questions.map(\.host) == ["web-1"])
    #expect(plan.questions[0].peers.map(\.host) == ["db-1"])
  }

  @Test func whoIsAwayIsNeitherAskedNorAskedFor() throws {
    var mesh = try ReachMesh(
      """
      hosts:
        ha: {owner: alice, expect: [hd, "he:22", hc]}
        hb: {owner: alice}
        hc: {owner: alice}
        hd: {owner: alice}
        he: {owner: alice}
        hf: {owner: alice, offline: ignore}
        gone: {state: absent}
      """)
    mesh.nodes[1].online = false
    mesh.nodes[1].lastSeen = Timestamp(seconds: 1_779_990_000)
    mesh.nodes[2].expiry = Timestamp(seconds: 1_779_000_000)
    mesh.nodes[3].ipAddresses = []
    mesh.nodes.remove(at: 4)
    mesh.nodes[4].online = false
    let plan = mesh.plan()
    #expect(plan.members.map(\.host) == ["ha", "hb", "hc", "hd", "he", "hf"])
    #expect(
      plan.members.map(\.state) == [.present, .offline, .offline, .missing, .missing, .offline])
    let codes = plan.members.map { $0.finding?.code }
    #expect(
      codes == [nil, .reachOffline, .reachExpired, .reachNotJoined, .reachNotJoined, .reachOffline])
    #expect(plan.members.map(\.isExcused) == [false, false, false, false, false, true])
    #expect(plan.questions.isEmpty, "nobody is left to be asked for")
    #expect(plan.unasked["ha"]?.map(\.label) == ["hd", "he:22", "hc"])
    let report = mesh.report(plan) { _, _ in ReachMesh.pong("10.0.0.1:1") }
    #expect(report.counts.hostsFailed == 4 && report.counts.away == 1)
    #expect(report.counts.endpointsFailed == 3 && !report.isComplete)
  }

  @Test func expectGoesToMeshAddressesOfHostsAndToWhatElseIsWritten() throws {
    let mesh = try ReachMesh(
      """
      hosts:
        ha: {owner: alice, expect: [hb, "hb:5432", "c.example.com:80", "[2001:db8::1]:443", "10.0.0.5", "[2001:db8::2]", "2001:db8::3", "printer:631"]}
        hb: {owner: alice}
        c.example.com: {owner: alice, name: c-node}
      """)
    let question = try #require(mesh.plan(askers: ["ha"], peers: ["ha"]).questions.first)
    #expect(question.peers.map(\.host) == ["hb"], "named without a port: a ping of the mesh")
    #expect(
      question.endpoints.map(\.place) == [
        "100.64.0.2:5432", "100.64.0.3:80", "[2001:db8::1]:443", "10.0.0.5", "2001:db8::2",
        "2001:db8::3", "printer:631",
      ])
    #expect(question.endpoints.map(\.host) == ["hb", "c.example.com", nil, nil, nil, nil, nil])
    let call = RemoteCall.verify(question.targets)
    #expect(
      call.parameters.first { $0.name == "ENDPOINTS" }?.value
        == "100.64.0.2 5432\n100.64.0.3 80\n2001:db8::1 443\n10.0.0.5 -\n2001:db8::2 -\n2001:db8::3 -\nprinter 631"
    )
    #expect(!call.elevated && call.secretFiles.isEmpty)
  }

  @Test func oneNodeIsOneHost() throws {
    var mesh = try ReachMesh(
      "hosts:\n  ha: {owner: alice}\n  hb: {owner: alice, aliases: [ha]}\n  hc: {owner: alice}\n")
    mesh.nodes.remove(at: 1)
    let plan = mesh.plan()
    #expect(plan.members.map(\.state) == [.present, .missing, .present])
    #expect(plan.members[1].finding?.message == "node #1 is taken for ha already")
  }

  @Test func aPinnedStrangerIsNotAsked() throws {
    let mesh = try ReachMesh(
      "hosts:\n  ha: {owner: alice, machine_key: \"mkey:\(String(repeating: "f", count: 64))\"}\n  hb: {owner: alice}\n"
    )
    #expect(mesh.plan().members.map(\.state) == [.missing, .present])
  }

  @Test func aSampleIsSaid() throws {
    let mesh = try ReachMesh(names: ReachSamplingTests.hosts(20))
    let plan = mesh.plan(sample: 4)
    #expect(plan.questions.allSatisfy { $0.peers.count == 4 })
    #expect(plan.sample?.size == 4 && plan.sample?.outOf == 19)
    #expect(mesh.plan(sample: 19).sample == nil)
    #expect(mesh.plan(sample: 19) == mesh.plan())
  }

  @Test func changedHostsAskAndAreAskedBack() throws {
    let mesh = try ReachMesh(names: ReachSamplingTests.hosts(30))
    let plan = ReachPlan(
      roster: mesh.roster, hosts: mesh.inventory.hosts, changed: ["host-3", "host-4"], size: 5,
      now: ReachMesh.now)
    func peers(_ host: String) -> [String] {
      plan.questions.first { $0.host == host }?.peers.map(\.host) ?? []
    }
    #expect(peers("host-3").count >= 5 && peers("host-4").count >= 5)
    let back = plan.questions.filter {
      $0.host != "host-3" && $0.peers.map(\.host).contains("host-3")
    }
    #expect(back.count == 5 || back.count == 4 && peers("host-4").contains("host-3"))
    let others = plan.questions.filter { !["host-3", "host-4"].contains($0.host) }
    #expect(others.allSatisfy { Set($0.peers.map(\.host)).isSubset(of: ["host-3", "host-4"]) })
    #expect(plan.sample?.size == 5)
  }

  @Test func theBoundGrowsWithTheQuestionsUpToALimit() {
    let few = RemoteCall.verify(ReachTargets(peers: ["100.64.0.1"]))
    let many = RemoteCall.verify(ReachTargets(peers: Array(repeating: "100.64.0.1", count: 5000)))
    #expect(few.timeout < 120 && many.timeout < 400 && few.timeout < many.timeout)
  }
}
