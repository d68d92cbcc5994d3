import MeshCore
import Testing

/// What a saved plan promised, against what would be done now.
@Suite struct SavedPlanComparisonTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var change: @Sendable (inout Plan) -> Void
    var lines: [String]
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "nothing", change: { _ in }, lines: []),
    Case(
      name: "what may move",
      change: { plan in
        for index in plan.hosts.indices {
          plan.hosts[index].identity = .proven
          plan.hosts[index].unknown = ["x"]
          plan.hosts[index].steps = [.elevate]
          plan.hosts[index].reason = nil
          plan.hosts[index].route = nil
          plan.hosts[index].joinAs = nil
          for change in plan.hosts[index].changes.indices {
            plan.hosts[index].changes[change].onceProven.toggle()
          }
        }
        plan.unmanaged[0].online.toggle()
        plan.server.version = "0.30.0"
        plan.meshMoved()
      }, lines: []),
    Case(
      name: "in sync by now", change: { $0.host("office-3") { $0.action = .none } },
      lines: ["office-3: was to join, now in sync"]),
    Case(
      name: "blocked by now",
      change: {
        $0.host("laptop") {
          $0.action = .blocked
          $0.diagnostics = [Diagnostic(.ambiguousNode, .error, "two nodes\n\u{202E}match")]
        }
      }, lines: ["laptop: was to change, now blocked: two nodes\\u{A}\\u{202E}match"]),
    Case(
      name: "drifted by now",
      change: {
        $0.host("calm") {
          $0.action = .change
          $0.changes = [Change(.name, old: .text("a"), new: .text("calm"))]
        }
      }, lines: ["calm: was in sync, now to change"]),
    Case(
      name: "ready by now", change: { $0.host("mail-1") { $0.action = .join } },
      lines: ["mail-1: was waiting for a person: sudo asks for a password, now to join"]),
    Case(
      name: "waiting before and blocked now",
      change: { $0.host("mail-1") { $0.action = .blocked } },
      lines: []),
    Case(
      name: "another node", change: { $0.host("laptop") { $0.node = RichPlan.node("99") } },
      lines: ["laptop: was node #13, now #99"]),
    Case(
      name: "another key", change: { $0.host("laptop") { $0.node?.nodeKey = "nodekey:new" } },
      lines: ["laptop: node #13 has another key"]),
    Case(
      name: "no node", change: { $0.host("laptop") { $0.node = nil } },
      lines: ["laptop: node #13 is not its node any more"]),
    Case(
      name: "a node for a join", change: { $0.host("office-3") { $0.node = RichPlan.node("40") } },
      lines: ["office-3: node #40 is its node now"]),
    Case(
      name: "another value now",
      change: { $0.host("laptop") { $0.changes[2].old = .text("https://x.example") } },
      lines: [
        "laptop: planned server: https://old.example.com → https://mesh.example.com, "
          + "now server: https://x.example → https://mesh.example.com"
      ]),
    Case(
      name: "one change more",
      change: {
        $0.host("laptop") {
          $0.changes.append(Change(.shieldsUp, old: .flag(true), new: .flag(false)))
        }
      }, lines: ["laptop: now also: shields_up: on → off"]),
    Case(
      name: "one change less", change: { $0.host("laptop") { $0.changes.remove(at: 1) } },
      lines: ["laptop: no longer: expiry: 2026-12-01T00:00:00Z → never"]),
    Case(
      name: "a change that was blocked",
      change: { $0.host("sfspark1") { $0.changes[3].blockedBy = nil } },
      lines: ["sfspark1: now also: owner: eve → alice"]),
    Case(
      name: "a parking less", change: { $0.host("win-lab") { $0.parkings = [] } },
      lines: ["win-lab: no longer: park #7 as win-lab-old-7 (offline)"]),
    Case(
      name: "another parking",
      change: { $0.host("left") { $0.parkings[0].node = RichPlan.node("50") } },
      lines: [
        "left: no longer: park #12 as left-old-12 (its host takes another name); "
          + "now also: park #50 as left-old-12 (its host takes another name)"
      ]),
    Case(
      name: "a login anew", change: { $0.host("laptop") { $0.reauthenticates = true } },
      lines: ["laptop: now also: log in anew (--force-reauth)"]),
    Case(
      name: "a login as somebody else",
      change: { $0.host("desk") { $0.joinAs = .tags(["tag:x"]) } },
      lines: ["desk: planned to log in as alice@example.com, now as tag:x"]),
    Case(
      name: "a deletion of a host less",
      change: { $0.host("old-nas") { $0.deletions[0].blockedBy = .guardDeletes } },
      lines: ["old-nas: no longer: delete #14 if a second look finds it offline"]),
    Case(
      name: "a deletion less", change: { $0.unmanaged[1].deletion = nil },
      lines: ["node #4 old-laptop: was to be deleted, now it is not"]),
    Case(
      name: "a deletion that was held back", change: { $0.unmanaged[2].deletion?.blockedBy = nil },
      lines: ["node #5 older: is to be deleted now, and was not"]),
    Case(
      name: "a deletion of another key",
      change: { $0.unmanaged[1].deletion?.node.nodeKey = "nodekey:new" },
      lines: ["node #4 old-laptop: is to be deleted, but is not the same"]),
    Case(
      name: "users", change: { $0.usersToCreate = ["house"] },
      lines: [
        "user office: was to be created, now it is not",
        "user house: is to be created now, and was not",
      ]),
    Case(
      name: "a host that is gone", change: { $0.hosts.removeAll { $0.name == "laptop" } },
      lines: ["laptop: to change was planned, now it is gone"]),
    Case(
      name: "a host more",
      change: {
        $0.hosts.append(
          HostPlan(
            name: "new\u{1B}[1m", os: .linux, action: .join,
            changes: [Change(.presence, old: nil, new: .text("joined"))]))
      }, lines: ["new\\u{1B}[1m: was not in the plan, now to join"]),
  ]

  @Test(arguments: cases) func saysWhatMoved(found: Case) {
    var now = RichPlan.plan
    found.change(&now)
    let lines = SavedPlanComparison.differences(saved: RichPlan.plan, now: now)
    #expect(lines == found.lines)
  }

  @Test func theFingerprintMovesWithWhatIsDoneOnly() {
    let text = PlanFingerprint.text(of: RichPlan.plan)
    var later = RichPlan.plan
    later.unmanaged[0].online.toggle()
    later.unmanaged[1].lastSeen = Timestamp(seconds: 1)
    later.diagnostics[0].message = "in other words"
    #expect(PlanFingerprint.text(of: later) == text)
    for found in Self.cases where !found.lines.isEmpty {
      var now = RichPlan.plan
      found.change(&now)
      let other = PlanFingerprint.text(of: now)
      #expect(other != text, "\(found.name)")
    }
  }
}

extension Plan {
  fileprivate mutating func host(_ name: String, _ change: (inout HostPlan) -> Void) {
    for index in hosts.indices where hosts[index].name == name { change(&hosts[index]) }
  }

  /// Ages go on while nothing else does.
  fileprivate mutating func meshMoved() {
    for index in unmanaged.indices { unmanaged[index].lastSeen = Timestamp(seconds: 1) }
  }
}
