import Foundation
import MeshCore

/// One folder of `Cases/plan`: what is wanted, what is there, and what comes of it.
struct PlanCase {
  /// "Now" of all cases; `takenAt` of `nodes.json` wins.
  static let now = Timestamp(seconds: 1_795_348_800)  // 2026-11-22T12:00:00Z

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Cases/plan")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return files.filter { $0.first?.isNumber == true }.sorted()
  }()

  let folder: URL
  let inventory: Inventory
  let observation: Observation
  let plan: Plan

  init(_ name: String) throws {
    folder = PlanCase.root.appendingPathComponent(name)
    let (loaded, diagnostics) = InventoryLoader.load(
      bytes: try PlanCase.bytes("inventory.yaml", in: folder), path: "inventory.yaml",
      digest: "sha256:0")
    guard let inventory = loaded else {
      throw BadCase(description: DiagnosticText.render(diagnostics))
    }
    self.inventory = inventory
    let server = try CaseServer(try PlanCase.bytes("nodes.json", in: folder))
    observation = Observation(
      server: ServerIdentity(url: inventory.server.url.normalized, version: server.version),
      nodes: server.nodes, users: server.users, policy: server.policy, takenAt: server.takenAt,
      facts: try PlanCase.optional("facts.json", in: folder).map(CaseFacts.read) ?? [:])
    let flags = try PlanCase.flags(in: folder)
    let selection = try HostSelector.select(
      inventory.hosts, groups: inventory.groups, limit: flags.limit, exclude: flags.exclude,
      shard: flags.shard)
    plan = Planner.plan(
      inventory, selection: selection, observation: observation, now: PlanCase.now, flags: flags)
  }

  /// What `StepCompiler` makes of the plan, one line a step.
  var steps: String {
    var lines: [String] = []
    for planned in plan.hosts {
      let steps = compiled(planned)
      lines +=
        steps.isEmpty
        ? ["\(VisibleText.escaped(planned.name)): -"]
        : steps.map { "\(VisibleText.escaped(planned.name)): \(StepLine.of($0))" }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  func compiled(_ planned: HostPlan) -> [Step] {
    guard let host = inventory.hosts.first(where: { $0.key == planned.name }) else { return [] }
    var facts: HostFacts?
    if case .facts(let read) = observation.facts[host.key] { facts = read }
    return StepCompiler.steps(for: planned, host: host, facts: facts, inventory: inventory)
  }

  private static func bytes(_ file: String, in folder: URL) throws -> [UInt8] {
    Array(try Data(contentsOf: folder.appendingPathComponent(file)))
  }

  private static func optional(_ file: String, in folder: URL) throws -> [UInt8]? {
    let path = folder.appendingPathComponent(file).path
    return FileManager.default.fileExists(atPath: path) ? try bytes(file, in: folder) : nil
  }

  private static func flags(in folder: URL) throws -> PlanFlags {
    var flags = PlanFlags()
    guard let bytes = try optional("flags.json", in: folder) else { return flags }
    var fields = try CaseFields(file: bytes, "flags.json")
    flags.limit = try fields.list("limit") ?? []
    flags.exclude = try fields.list("exclude") ?? []
    flags.shard = try fields.text("shard").flatMap(Shard.init(text:))
    flags.probe = try fields.flag("probe") ?? false
    flags.askBecomePassword = try fields.flag("askBecomePassword") ?? false
    flags.prune = try fields.flag("prune") ?? false
    flags.allowMove = try fields.flag("allowMove") ?? false
    flags.maxDeletes = try fields.limit("maxDeletes")
    flags.maxChanges = try fields.limit("maxChanges")
    try fields.end()
    return flags
  }
}
