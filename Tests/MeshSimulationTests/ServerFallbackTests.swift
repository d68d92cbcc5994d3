import MeshCore
import MeshEngine
import MeshSimulation
import Testing

@Suite("A server whose name only the controller resolves")
struct ServerFallbackTests {
  private static let name = "http://sfspark1.local:8080"
  private static let address = "http://198.51.100.1:8080"

  private static func inventory(_ more: String) -> String {
    """
    version: 1
    server: {url: \(name)}
    hosts:
      office-one: {owner: ops\(more)}
    """
  }

  private static func lost(_ more: String) async throws -> Mesh {
    let mesh = try Mesh(inventory(more))
    await mesh.change("office-one") { $0.faults.unresolvable = ["sfspark1.local"] }
    return mesh
  }

  private func url(_ mesh: Mesh) async -> String? {
    await mesh.host("office-one").client?.preferences.controlURL
  }

  @Test func withTheFallbackItJoinsByAddressAndThePlanSaidSo() async throws {
    let mesh = try await Self.lost(", server_fallback: ip")
    let shown = try await mesh.applier().planned()
    let text = Report.plan(shown.plan, as: .text, style: TextStyle())
    #expect(text.contains("server \(Self.name) (or its IP)"), "\(text)")
    #expect(text.contains("[MESH-SERVER-LOCAL-NAME]") == false)

    let summary = try await mesh.apply()

    let outcome = try #require(summary.outcomes.first)
    #expect(outcome.result == .changed, "\(outcome)")
    #expect(outcome.diagnostics.map(\.code) == [.serverByAddress])
    #expect(await url(mesh) == Self.address)
    // Neither URL is drift, whoever looks.
    for probe in [false, true] {
      let again = try await mesh.applier(probe: probe).planned()
      #expect(again.plan.isEmpty, "\(Report.plan(again.plan, as: .text, style: TextStyle()))")
    }
    // Nor is it where the name resolves again.
    await mesh.change("office-one") { $0.faults.unresolvable = [] }
    #expect(try await mesh.applier(probe: true).planned().plan.isEmpty)
  }

  @Test func withoutItNothingJoinsAndTheLineThatHelpsIsGiven() async throws {
    let mesh = try await Self.lost("")
    let outcome = try #require(try await mesh.apply().outcomes.first)
    #expect(outcome.result == .failed)
    let finding = try #require(outcome.diagnostics.first)
    #expect(finding.code == .serverResolve)
    #expect(finding.hint == "write for office-one: server_url: \(Self.address)")
    #expect(await mesh.host("office-one").client?.nodeKey == nil)

    // With the line written, the next run is done.
    let mended = try Mesh(Self.inventory(", server_url: \"\(Self.address)\""), over: mesh)
    #expect(try await mended.apply().outcomes.map(\.result) == [.changed])
    #expect(await url(mended) == Self.address)
  }

  /// A login by force (deleted node) of a client that joined by address.
  @Test func anUnlistedClientAtAnAddressIsNotTakenForOurs() async throws {
    let mesh = try await Self.lost(", server_fallback: ip")
    try await mesh.apply()
    let other = try #require(ServerURL("http://192.0.2.77:8080"))
    await mesh.world.joinElsewhere("office-one", other)
    let shown = try await mesh.applier(probe: true).planned()
    #expect(shown.plan.hosts.map(\.action) == [.blocked])
    let finding = try #require(shown.plan.hosts.first?.diagnostics.first)
    #expect(finding.code == .otherServer)
    #expect(finding.hint?.contains("--allow-move") == true)
  }
}
