import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// One plan with everything, in every format.
@Suite struct ReportCaseTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("Cases/report")

  @Test(arguments: [
    (OutputFormat.text, "plan.txt"), (.json, "plan.json"), (.markdown, "plan.md"),
    (.html, "plan.html"),
  ]) func everythingInEveryFormat(format: OutputFormat, file: String) {
    let text = Report.plan(RichPlan.plan, as: format, style: TextStyle(), hash: "sha256:abcd")
    GoldenFile(url: Self.folder.appendingPathComponent(file))
      .expect(text.hasSuffix("\n") ? text : text + "\n")
  }

  @Test(arguments: [60, 80]) func everythingInColumns(width: Int) {
    let text = Report.plan(RichPlan.plan, as: .text, style: TextStyle(width: width))
    GoldenFile(url: Self.folder.appendingPathComponent("plan-\(width).txt")).expect(text)
  }

  /// Every format says the same of every host and node.
  @Test(arguments: OutputFormat.allCases) func everyHostAndNodeIsNamed(format: OutputFormat) {
    let text = Report.plan(RichPlan.plan, as: format, style: TextStyle())
    for host in RichPlan.plan.hosts where host.action != .none { #expect(text.contains(host.name)) }
    for node in RichPlan.plan.unmanaged { #expect(text.contains(node.name)) }
    for word in ["win-lab-old-7", "desk-old-8", "left-old-12", "office-3-old-31", "office"] {
      #expect(text.contains(word))
    }
  }

  @Test func deletionsAreListedHoweverManyStrangersThereAre() {
    var plan = RichPlan.plan
    let strangers = (100..<200).map {
      UnmanagedNode(name: "stranger-\($0)", nodeID: "\($0)", online: true, lastSeen: nil)
    }
    plan.unmanaged = strangers + plan.unmanaged
    let text = Report.plan(plan, as: .text, style: TextStyle())
    #expect(text.contains("old-laptop") && text.contains("web-1-old-6"))
    #expect(text.contains("and 82 more nodes that are not in the inventory"))
  }
}
