import Foundation
import MeshCore
import Testing

/// What must hold when plans are carried out: apply over a model of the server and the hosts.
@Suite struct ModelPropertyTests {
  static let worlds: UInt64 = 6000

  @Test func planningAgainAfterApplyingIsEmpty() throws {
    var actions: [Action: Int] = [:]
    var done = 0
    var together = 0
    for seed in ModelPropertyTests.seeds {
      let world = try #require(ModelWorld(seed: seed))
      var run = ModelRun(world)
      check(run, "model \(seed), shown")
      run.run()
      let name = "model \(seed)"
      // Two users' records of one machine: the server refuses, and the run says so (reference §5.2).
      for (host, failure) in run.failures where !failure.contains("ambiguous node ownership") {
        Issue.record("\(name), \(host): \(failure)\n\(ModelPropertyTests.story(run))")
      }
      for shown in run.shown.hosts {
        actions[shown.action, default: 0] += 1
        guard run.shown.stop == nil, !shown.doable.isEmpty, run.failures[shown.name] == nil,
          let last = run.last.hosts.first(where: { $0.name == shown.name })
        else { continue }
        done += 1
        // What was blocked may have become possible meanwhile; what was to be done has to be done.
        let left = last.doable.filter { change in
          shown.doable.contains { $0.attribute == change.attribute && $0.new == change.new }
        }
        #expect(
          left.isEmpty || isExcused(shown, last, run),
          "\(name), \(shown.name): left \(left)\n\(ModelPropertyTests.story(run))")
        if !shown.isHindered {
          #expect(
            last.action == .none || isExcused(shown, last, run),
            "\(name), \(shown.name): ended \(last.action)\n\(ModelPropertyTests.story(run))")
        }
      }
      checkOutside(run, name)
      checkTaken(run, name)
      if run.taken.count > 1 { together += 1 }
    }
    #expect(done > 4000)
    // The sum is more than each of its parts in some worlds.
    #expect(together > 50)
    for action in Action.allCases { #expect(actions[action, default: 0] > 50, "\(action)") }
  }

  static var seeds: Range<UInt64> {
    guard let text = ProcessInfo.processInfo.environment["MESHCTL_MODEL_SEED"],
      let seed = UInt64(text)
    else { return 0..<worlds }
    return seed..<(seed + 1)
  }

  /// What a plan could not know before it was carried out; the run says so, and the next one goes on.
  private func isExcused(_ shown: HostPlan, _ last: HostPlan, _ run: ModelRun) -> Bool {
    let world = run.world
    let host = world.inventory.hosts.first { $0.key == shown.name }
    // A host that proved to be another node than the shown one is left alone (design law 9).
    if shown.node != nil, shown.node?.id != last.node?.id, !run.joined.contains(shown.name) {
      return true
    }
    // A stopped client tells neither its key nor its server before it is started.
    if world.mesh.machines[shown.name]?.client == .silent { return true }
    // Another host was found to need what counts as well, so the guard holds both the next time.
    if last.diagnostics.contains(where: { $0.code == .guardDeletes }) { return true }
    // No fact tells the machine key: the pin may be wrong, or the server gives back an old record.
    if run.joined.contains(shown.name) {
      if let pin = host?.machineKey, pin != run.mesh.machines[shown.name]?.machineKey {
        return true
      }
      let records = world.mesh.server.nodes.filter {
        $0.machineKey == run.mesh.machines[shown.name]?.machineKey
      }
      let isSurprise = shown.identity != .pinned && shown.identity != .proven
      if records.contains(where: {
        $0.id == last.node?.id && (isSurprise || $0.id != shown.node?.id)
      }) {
        return true
      }
    }
    return false
  }

  private func check(_ run: ModelRun, _ name: String) {
    var observation = run.world.mesh.observation(url: run.world.inventory.server.url.normalized)
    var settled = run.world.mesh
    settled.settlePresence()
    observation.nodes = settled.server.nodes
    observation.facts = run.facts
    PlanLaws(run.world.inventory, observation, run.shown, world: name).check(reports: false)
  }

  /// Nodes of hosts outside the selection, and nobody's nodes that were not shown, stay as they were.
  private func checkOutside(_ run: ModelRun, _ name: String) {
    var before = run.world.mesh
    before.settlePresence()
    let shown = run.shown
    let touched = Set(
      shown.hosts.compactMap(\.node?.id) + shown.hosts.flatMap(\.parkings).map(\.node.id)
        + shown.hosts.flatMap(\.deletions).map(\.node.id) + shown.deletions.map(\.node.id)
        + shown.hosts.flatMap { host in run.last.hosts.filter { $0.name == host.name } }
        .compactMap(\.node?.id))
    // A login gives a machine its old record back, whatever that is called.
    let back = Set(run.joined.compactMap { run.mesh.machines[$0]?.machineKey })
    for node in before.server.nodes
    where !touched.contains(node.id) && !back.contains(node.machineKey) {
      let now = run.mesh.server.nodes.first { $0.id == node.id }
      #expect(
        now?.givenName == node.givenName && now?.tags == node.tags && now?.expiry == node.expiry
          && now?.approvedRoutes == node.approvedRoutes && now?.user == node.user,
        "\(name): #\(node.id) was touched\n\(ModelPropertyTests.story(run))")
    }
    for (host, machine) in before.machines where !run.world.selection.contains(host) {
      #expect(run.mesh.machines[host]?.nodeKey == machine.nodeKey, "\(name): \(host) was touched")
    }
  }

  /// Over all rounds together no more is taken than the guards allow.
  private func checkTaken(_ run: ModelRun, _ name: String) {
    let world = run.world
    let limit = PlanLaws.number(
      world.flags.maxDeletes ?? world.inventory.guards.maxDeletes, run.shown.nodeCount)
    let before = Set(world.mesh.server.nodes.map(\.id))
    let gone = before.subtracting(run.mesh.server.nodes.map(\.id))
    #expect(gone == run.deleted.intersection(before), "\(name)")
    #expect(gone.count <= limit, "\(name): \(gone) deleted, \(limit) allowed")
    #expect(run.reauthenticated.count <= limit, "\(name): \(run.reauthenticated) of \(limit)")
    let given = world.mesh.server.nodes.filter { node in
      node.tags.isEmpty
        && run.mesh.server.nodes.contains { $0.id == node.id && !$0.tags.isEmpty }
    }
    #expect(given.count <= limit, "\(name): \(given.map(\.id)) lost their owners")
    #expect(
      run.taken.count <= limit,
      "\(name): \(run.taken.sorted()) of \(limit)\n\(ModelPropertyTests.story(run))")
  }

  /// All that is needed to understand a world.
  static func story(_ run: ModelRun) -> String {
    let world = run.world
    var lines: [String] = ["server \(world.mesh.server.release)"]
    for host in world.inventory.hosts {
      let machine = world.mesh.machines[host.key]
      lines.append(
        "host \(host.key) \(host.state) pin \(short(host.machineKey)) \(host.ownership.map { "\($0)" } ?? "-")"
          + " aliases \(host.aliases) protect \(host.protect)"
          + " | \(machine.map { "\($0.client) \(short($0.machineKey)) \(short($0.nodeKey)) \($0.preferences.controlURL)" } ?? "-")"
      )
    }
    for node in world.mesh.server.nodes { lines.append(line(node)) }
    lines.append(Report.plan(run.shown, as: .text, style: TextStyle()))
    lines += run.log
    lines += run.mesh.server.nodes.map(line)
    lines.append(Report.plan(run.last, as: .text, style: TextStyle()))
    return lines.joined(separator: "\n")
  }

  private static func line(_ node: MeshNode) -> String {
    "#\(node.id) \(node.givenName) (\(node.hostname)) \(short(node.machineKey)) \(short(node.nodeKey))"
      + " \(node.user?.name ?? "-") \(node.tags) \(node.approvedRoutes) online \(node.online)"
      + " expiry \(node.expiry?.rfc3339 ?? "-") seen \(node.lastSeen?.rfc3339 ?? "-")"
  }

  private static func short(_ key: String?) -> String {
    guard let key else { return "-" }
    return key.prefix(1) + String(key.drop { $0 != ":" }.dropFirst().drop { $0 == "0" }.dropLast(4))
  }
}
