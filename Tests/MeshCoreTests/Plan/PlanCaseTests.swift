import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// Every folder under Cases/plan, with the exact plan and steps that come of it.
@Suite struct PlanCaseTests {
  @Test func thereAreCases() { #expect(PlanCase.names.count >= 100) }

  @Test(arguments: PlanCase.names) func planOfACase(name: String) throws {
    let found = try PlanCase(name)
    let text = Report.plan(found.plan, as: .text, style: TextStyle())
    let json = Report.plan(found.plan, as: .json, style: TextStyle()) + "\n"
    GoldenFile(url: found.folder.appendingPathComponent("plan.txt")).expect(text)
    GoldenFile(url: found.folder.appendingPathComponent("plan.json")).expect(json)
    GoldenFile(url: found.folder.appendingPathComponent("steps.txt")).expect(found.steps)
    PlanLaws(found.inventory, found.observation, found.plan, world: name).check()
  }

  @Test func aMisspeltKeyOfACaseIsNoticed() throws {
    let nodes = Array(#"{"nodes": [{"id": "1", "givenname": "web-1"}]}"#.utf8)
    #expect(throws: BadCase.self) { try CaseServer(nodes) }
    let facts = Array(#"{"web-1": {"elevation": "wings"}}"#.utf8)
    #expect(throws: BadCase.self) { try CaseFacts.read(facts) }
  }
}
