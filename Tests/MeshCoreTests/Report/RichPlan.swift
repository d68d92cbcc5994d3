import MeshCore

/// A plan that holds everything a plan can hold, for the reports.
enum RichPlan {
  static let seen = Timestamp(seconds: 1_794_000_000, nanoseconds: 250_000_000)

  static let plan: Plan = {
    var flags = PlanFlags()
    flags.probe = true
    flags.prune = true
    flags.allowMove = true
    flags.maxDeletes = .count(3)
    flags.maxChanges = .percent(50)
    var plan = Plan(
      inventoryPath: "mesh/inventory.yaml", inventoryDigest: "sha256:1234",
      server: ServerIdentity(url: "https://mesh.example.com", version: "0.29.2"), flags: flags,
      hosts: hosts, unmanaged: unmanaged, usersToCreate: ["office"], nodeCount: 16, hostCount: 12,
      simulated: false,
      diagnostics: [
        Diagnostic(
          .tagNotOwned, .warning, "the server has no policy, so nothing owns tag:edge",
          detail: "The joins work.", hint: "add to the policy: \"tagOwners\": {\"tag:edge\": []}")
      ])
    plan.diagnostics.append(
      Diagnostic(.possibleTwin, .note, "a note", evidence: "line", host: "office-3"))
    return plan
  }()

  private static let hosts: [HostPlan] = [
    joining, reinstalled, moved, crosswise, again, changing, removed, waiting, blocked,
    HostPlan(
      name: "calm", os: .linux, action: .none, identity: .pinned, node: node("20"),
      unknown: ["client preferences"]),
  ]

  private static let joining: HostPlan = {
    var host = HostPlan(
      name: "office-3", os: .linux, action: .join,
      changes: [
        Change(.presence, old: nil, new: .text("joined")),
        Change(.name, old: nil, new: .text("office-3")),
        Change(.tags, old: nil, new: .list(["tag:edge"])),
      ], steps: [.elevate, .checkServer, .installClient, .startService, .join, .verify],
      route: "ops@10.0.0.9:22", tagsWithoutPolicy: ["tag:edge"])
    host.parkings = [
      Parking(
        node: node("31"), name: "office-3", parkedName: "office-3-old-31", reason: .offlineHolder)
    ]
    return host
  }()

  private static let reinstalled: HostPlan = {
    var host = HostPlan(
      name: "win-lab", os: .windows, action: .replace, identity: .name, node: node("7"),
      changes: [
        Change(.presence, old: nil, new: .text("joined")),
        Change(.name, old: nil, new: .text("win-lab")),
        Change(.tags, old: nil, new: .list(["tag:lab", "tag:win"])),
      ], steps: [.renameNode, .join, .setTags, .verify], route: "ops@10.0.0.7:22")
    host.reason = "reinstalled (reports no node key)"
    host.joinAs = .tags(["tag:lab", "tag:win"])
    host.parkings = [
      Parking(node: node("7"), name: "win-lab", parkedName: "win-lab-old-7", reason: .offlineHolder)
    ]
    return host
  }()

  private static let moved: HostPlan = {
    var host = HostPlan(
      name: "desk", os: .linux, action: .replace, identity: .proven, node: node("8"),
      changes: [
        Change(.presence, old: nil, new: .text("joined")),
        Change(.name, old: nil, new: .text("desk")),
        Change(.owner, old: nil, new: .text("alice@example.com")),
      ], steps: [.renameNode, .join, .deleteNode, .verify], route: "ops@10.0.0.8:22")
    host.reason = "bob → alice@example.com, and Headscale cannot move a node"
    host.reauthenticates = true
    host.joinAs = .user("alice@example.com")
    host.exitNodeAddress = "100.64.0.9"
    host.parkings = [
      Parking(node: node("8"), name: "desk", parkedName: "desk-old-8", reason: .ownerChange)
    ]
    host.deletions = [
      Deletion(node: node("8"), name: "desk-old-8", reason: .ownerChange, byAge: false)
    ]
    return host
  }()

  private static let crosswise: HostPlan = {
    var host = HostPlan(
      name: "left", os: .linux, action: .change, identity: .pinned, node: node("11"),
      changes: [Change(.name, old: .text("right"), new: .text("left"))], steps: [.renameNode])
    host.parkings = [
      Parking(node: node("12"), name: "left", parkedName: "left-old-12", reason: .swap)
    ]
    return host
  }()

  private static let again = HostPlan(
    name: "laptop", os: .linux, action: .change, identity: .proven, node: node("13"),
    changes: [
      Change(.presence, old: .text("logged out"), new: .text("joined")),
      Change(.expiry, old: .text("2026-12-01T00:00:00Z"), new: nil),
      Change(
        .loginServer, old: .text("https://old.example.com"), new: .text("https://mesh.example.com")),
    ], steps: [.join, .setExpiry])

  private static let changing = HostPlan(
    name: "sfspark1", os: .linux, action: .change, identity: .name, node: node("12"),
    changes: [
      Change(.online, old: .flag(false), new: .flag(true)),
      Change(.acceptDNS, old: .flag(true), new: .flag(false)),
      Change(
        .approvedRoutes, old: .list(["10.0.0.0/24"]), new: .list(["10.0.0.0/24", "10.2.0.0/16"]),
        onceProven: true),
      Change(
        .owner, old: .text("eve"), new: .text("alice"), onceProven: true, blockedBy: .guardDeletes),
    ], steps: [.startService, .approveRoutes, .verify], unknown: ["tailscale.version"],
    diagnostics: [
      Diagnostic(
        .guardDeletes, .error, "4 owner changes, more than guards.max_deletes allows (3)",
        hint: "check them", host: "sfspark1")
    ])

  private static let removed: HostPlan = {
    var host = HostPlan(
      name: "old-nas", os: .linux, action: .remove, identity: .name, node: node("14"),
      changes: [Change(.presence, old: .text("joined"), new: nil)], steps: [.leave, .deleteNode])
    host.reason = "state: absent"
    host.deletions = [Deletion(node: node("14"), name: "old-nas", reason: .absent, byAge: true)]
    return host
  }()

  private static let waiting = HostPlan(
    name: "mail-1", os: .linux, action: .wait,
    changes: [Change(.presence, old: nil, new: .text("joined"))],
    diagnostics: [
      Diagnostic(.rejoinNeeded, .error, "sudo asks for a password", hint: "meshctl prepare mail-1")
    ], route: "ops@mail-1:22")

  private static let blocked: HostPlan = {
    var host = HostPlan(
      name: "tagged", os: .macos, action: .blocked, identity: .pinned, node: node("15"),
      changes: [Change(.owner, old: .list(["tag:x"]), new: .text("bob"))],
      diagnostics: [
        Diagnostic(.guardDeletes, .error, "too many deletions", host: "tagged")
      ])
    host.deletions = [
      Deletion(
        node: node("15"), name: "tagged", reason: .untag, byAge: false, blockedBy: .guardDeletes)
    ]
    return host
  }()

  private static let unmanaged: [UnmanagedNode] = {
    var stranger = UnmanagedNode(name: "old-laptop", nodeID: "4", online: false, lastSeen: seen)
    stranger.deletion = Deletion(node: node("4"), name: "old-laptop", reason: .prune, byAge: true)
    var held = UnmanagedNode(name: "older", nodeID: "5", online: false, lastSeen: seen)
    held.deletion = Deletion(
      node: node("5"), name: "older", reason: .prune, byAge: true, blockedBy: .guardDeletes)
    var twin = UnmanagedNode(name: "web-1-old-6", nodeID: "6", online: false, lastSeen: seen)
    twin.parkedFor = "web-1"
    twin.deletion = Deletion(
      node: node("6"), name: "web-1-old-6", reason: .parkedTwin, byAge: true)
    var young = UnmanagedNode(name: "web-2-old-9", nodeID: "9", online: false, lastSeen: nil)
    young.parkedFor = "web-2"
    return [
      UnmanagedNode(name: "phone", nodeID: "3", online: true, lastSeen: seen), stranger, held, twin,
      young,
    ]
  }()

  static func node(_ id: String) -> NodeReference {
    NodeReference(id: id, nodeKey: "nodekey:\(id)")
  }
}
