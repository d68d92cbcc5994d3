import Foundation
import MeshCore
import MeshTestSupport
import Testing
import YAMLReader

/// One folder of `Cases/import`: a node list, what Ansible knows of it, and the inventory written.
struct ImportCase {
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Cases/import")

  static let names: [String] = {
    let files = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
    return files.filter { $0.first?.isNumber == true }.sorted()
  }()

  let folder: URL
  let observation: Observation
  let ansible: AnsibleInventory?
  /// The inventory that lacks nodes, where the case is about a snippet.
  let existing: [UInt8]?

  init(_ name: String) throws {
    folder = ImportCase.root.appendingPathComponent(name)
    let server = try CaseServer(
      Array(try Data(contentsOf: folder.appendingPathComponent("nodes.json"))))
    observation = Observation(
      server: ServerIdentity(url: "https://mesh.example.com", version: server.version),
      nodes: server.nodes, users: server.users, policy: server.policy, takenAt: server.takenAt)
    ansible = try ImportCase.bytes("ansible.json", in: folder).map {
      try AnsibleInventory(bytes: $0, file: "ansible.json")
    }
    existing = try ImportCase.bytes("into.yaml", in: folder)
  }

  private static func bytes(_ file: String, in folder: URL) throws -> [UInt8]? {
    let url = folder.appendingPathComponent(file)
    guard FileManager.default.fileExists(atPath: url.path) else { return nil }
    return Array(try Data(contentsOf: url))
  }
}

/// Every folder under Cases/import, with the exact text that comes of it.
@Suite struct ImportCaseTests {
  @Test func thereAreCases() { #expect(ImportCase.names.count >= 12) }

  @Test(arguments: ImportCase.names) func inventoryOfACase(name: String) throws {
    let found = try ImportCase(name)
    if let existing = found.existing { return try checkSnippet(found, existing) }
    let adoption = Adoption(
      found.observation, server: try AdoptionPropertyTests.server(), now: PlanCase.now,
      ansible: found.ansible)
    let text = adoption.text
    GoldenFile(url: found.folder.appendingPathComponent("inventory.yaml")).expect(text)
    let (inventory, diagnostics) = AdoptionPropertyTests.loaded(text)
    let loaded = try #require(inventory, "\(DiagnosticText.render(diagnostics))")
    let plan = AdoptionPropertyTests.plan(loaded, found.observation, PlanCase.now)
    for host in plan.hosts where host.node != nil || found.ansible == nil {
      #expect(host.action == .none, "\(host)")
    }
    let joining = plan.hosts.count { $0.node == nil }
    #expect(joining == adoption.counts.toJoin)
  }

  private func checkSnippet(_ found: ImportCase, _ existing: [UInt8]) throws {
    let (inventory, diagnostics) = InventoryLoader.load(
      bytes: existing, path: "into.yaml", digest: "sha256:0")
    let loaded = try #require(inventory, "\(DiagnosticText.render(diagnostics))")
    let root = try YAMLReader.read(existing)
    let missing = MissingNodes(
      loaded, root: root, observation: found.observation, now: PlanCase.now,
      ansible: found.ansible)
    let findings = AdoptionCheck.findings(
      pasted: try missing.pasted(into: root), over: found.observation, now: PlanCase.now,
      of: missing)
    let said = findings.map { "\($0.code.rawValue): \($0.message)\n" }.joined()
    GoldenFile(url: found.folder.appendingPathComponent("snippet.yaml")).expect(missing.text)
    GoldenFile(url: found.folder.appendingPathComponent("findings.txt")).expect(said)
    // Pasted by hand, as the comment says, at the end of the file.
    guard missing.count > 0 else { return }
    let pasted = String(decoding: existing, as: UTF8.self) + missing.text
    let again = AdoptionPropertyTests.loaded(pasted)
    #expect(again.inventory?.hosts.count == loaded.hosts.count + missing.count)
  }
}
