import Foundation
import MeshCore
import Testing

/// What must hold of every plan, whatever the world (design §1).
enum PlanLaws {
  static func check(_ found: PlanCase) {
    for host in found.plan.hosts { check(host, found.compiled(host)) }
  }

  /// Steps that grant or take something are compiled for proven nodes only (law 6), and nothing at
  /// all for hosts that are not to be touched.
  static func check(_ host: HostPlan, _ steps: [Step]) {
    let onServer: Set<StepKind> = [.setTags, .approveRoutes, .renameNode]
    let kinds = steps.map(\.kind)
    if host.identity == .name {
      #expect(onServer.isDisjoint(with: kinds), "\(host.name)")
      #expect(!kinds.contains(.setPreferences) && !kinds.contains(.join), "\(host.name)")
    }
    switch host.action {
    case .none, .blocked, .wait: #expect(steps.isEmpty, "\(host.name)")
    case .join: #expect(onServer.isDisjoint(with: kinds), "\(host.name)")
    case .change, .replace, .remove: #expect(!kinds.contains(.join), "\(host.name)")
    }
    // Becoming root is implied by every step on a host.
    for step in steps where step.kind != .elevate {
      #expect(host.steps.contains(step.kind), "\(host.name): \(step.kind) was not foreseen")
    }
  }

  /// Without `json` the JSON is left out, which takes most of the time.
  static func check(_ plan: Plan, json: Bool = true) {
    let text = Report.plan(plan, as: .text, style: TextStyle())
    for host in plan.hosts where host.action != .none {
      #expect(text.contains(VisibleText.escaped(host.name, limit: 80)))
      // A join is told as one sentence, in which the advertised routes are the approved ones.
      let joins = host.changes.contains { $0.attribute == .presence && $0.old == nil }
      for change in host.changes where !joins {
        #expect(text.contains(VisibleText.escaped(HostText.words(change))), "\(host.name)")
      }
      for change in host.changes where joins {
        for word in words(change) { #expect(text.contains(VisibleText.escaped(word))) }
      }
      for finding in host.diagnostics { #expect(text.contains(finding.code.rawValue)) }
      if host.action == .blocked {
        #expect(host.diagnostics.contains { $0.severity == .error }, "\(host.name): no reason")
        #expect(host.doable.isEmpty)
      }
      if host.action == .change || host.action == .join { #expect(!host.doable.isEmpty) }
      for change in host.changes {
        if let code = change.blockedBy { #expect(host.diagnostics.contains { $0.code == code }) }
      }
    }
    for line in text.split(separator: "\n") { #expect(line.last != " ", "\(line)") }
    for scalar in text.unicodeScalars where scalar != "\n" {
      #expect(!VisibleText.isHidden(scalar), "U+\(String(scalar.value, radix: 16)) in the text")
    }
    if json { checkSummary(plan, text) }
  }

  private static func words(_ change: Change) -> [String] {
    switch change.new {
    case .text(let text)? where change.attribute != .presence: [text]
    case .list(let list)?: list
    default: []
    }
  }

  private static func checkSummary(_ plan: Plan, _ text: String) {
    struct Document: Decodable {
      struct Host: Decodable {
        var name: String
        var action: String
      }
      struct Node: Decodable { var name: String }
      var hosts: [Host]
      var unmanaged: [Node]
      var summary: [String: Int]
    }
    let json = Data(Report.plan(plan, as: .json, style: TextStyle()).utf8)
    guard let document = try? JSONDecoder().decode(Document.self, from: json) else {
      Issue.record("the JSON of the plan does not decode")
      return
    }
    #expect(document.hosts.map(\.name) == plan.hosts.map(\.name))
    #expect(document.unmanaged.map(\.name) == plan.unmanaged.map(\.name))
    var counts: [String: Int] = [:]
    for host in document.hosts {
      counts[host.action == "none" ? "inSync" : host.action, default: 0] += 1
    }
    counts["unmanaged"] = document.unmanaged.count
    for (key, count) in document.summary where key != "byNameOnly" {
      #expect(counts[key, default: 0] == count, "\(key)")
    }
    for (key, words) in [
      ("join", "to join"), ("change", "to change"), ("blocked", "blocked"), ("inSync", "in sync"),
      ("wait", "waiting for a person"), ("unmanaged", "unmanaged"),
    ] where !plan.isEmpty && counts[key, default: 0] > 0 {
      #expect(text.contains("\(counts[key, default: 0]) \(words)"), "\(key)")
    }
  }
}
