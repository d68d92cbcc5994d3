import Foundation
import MeshCore
import Testing

/// The formats of one plan agree with it and so with each other.
struct PlanReportLaws {
  let plan: Plan
  let world: String

  func check() {
    let text = Report.plan(plan, as: .text, style: TextStyle())
    for host in plan.hosts where host.action != .none { check(host, text) }
    for deletion in plan.deletions where plan.unmanaged.count <= 20 {
      #expect(text.contains("#\(deletion.node.id)"), "\(world): deletion of #\(deletion.node.id)")
    }
    for line in text.split(separator: "\n") { #expect(line.last != " ", "\(line)") }
    for scalar in text.unicodeScalars where scalar != "\n" {
      #expect(!VisibleText.isHidden(scalar), "U+\(String(scalar.value, radix: 16)) in the text")
    }
    checkDocument(text)
    // Every fourth world, because escaping costs most of the time.
    if text.utf8.count.isMultiple(of: 4) { checkMarkdown(text) }
  }

  /// The table has a row a host, and the folded text is the text.
  private func checkMarkdown(_ text: String) {
    let markdown = Report.plan(plan, as: .markdown, style: TextStyle())
    #expect(markdown.utf8.count <= 60_000, "\(world)")
    guard !markdown.contains("cut to fit") else { return }
    let plain = PlanReportLaws.unmarked(markdown)
    for line in text.split(separator: "\n") { #expect(plain.contains(line), "\(world): \(line)") }
    let symbols: [Action: String] = [
      .join: "+", .change: "~", .replace: "-/+", .remove: "-", .wait: "!", .blocked: "x",
    ]
    for host in plan.hosts {
      guard let symbol = symbols[host.action] else { continue }
      let name = VisibleText.escaped(host.name, limit: 80)
      let node = host.node.map { VisibleText.escaped("#\($0.id)", limit: 80) } ?? ""
      let row = "| \(symbol) | \(name) | \(node) | \(host.os.rawValue) |"
      #expect(plain.contains(row), "\(world): \(row)")
    }
    let counts = plan.summary
    #expect(plain.contains("\(counts.join) to join, \(counts.change) to change") || plan.isEmpty)
  }

  private static func unmarked(_ markdown: String) -> String {
    var text = ""
    var rest = Substring(
      markdown.replacingOccurrences(of: "<code>", with: "").replacingOccurrences(
        of: "</code>", with: ""))
    let named = ["amp": "&", "lt": "<", "gt": ">", "quot": "\""]
    while let start = rest.firstIndex(of: "&"), let end = rest[start...].firstIndex(of: ";") {
      text += rest[..<start]
      let entity = rest[rest.index(after: start)..<end]
      if let number = entity.first == "#" ? UInt32(entity.dropFirst()) : nil,
        let scalar = Unicode.Scalar(number)
      {
        text.unicodeScalars.append(scalar)
      } else {
        text += named[String(entity)] ?? "&\(entity);"
      }
      rest = rest[rest.index(after: end)...]
    }
    return text + rest
  }

  private func check(_ host: HostPlan, _ text: String) {
    let name = "\(world), \(host.name)"
    #expect(text.contains(VisibleText.escaped(host.name, limit: 80)), "\(name)")
    // Some changes are told as one sentence, so their words count and not their phrase.
    let isSentence =
      host.action == .replace || host.changes.contains { $0.attribute == .presence }
    for change in host.changes {
      let phrases = isSentence ? words(change) : [HostText.words(change)]
      for phrase in phrases {
        #expect(text.contains(VisibleText.escaped(phrase)), "\(name): \(change.attribute)")
      }
    }
    for finding in host.diagnostics where finding.severity > .note {
      #expect(text.contains(finding.code.rawValue), "\(name): \(finding.code)")
    }
  }

  private func words(_ change: Change) -> [String] {
    if change.attribute == .serverFallback { return ["its IP"] }
    return switch change.new {
    case .text(let text)? where change.attribute != .presence && change.attribute != .expiry: [text]
    // The advertised routes of a join are told with the approved ones, and kept ones not at all.
    case .list(let list)? where change.attribute == .tags: list
    default: []
    }
  }

  // MARK: JSON

  private struct Document: Decodable {
    struct Node: Decodable { var id: String }
    struct Change: Decodable {
      var attribute: String
      var blockedBy: String?
    }
    struct Moved: Decodable {
      var node: Node
      var blockedBy: String?
    }
    struct Host: Decodable {
      var name: String
      var action: String
      var changes: [Change]
      var steps: [String]
      var parks: [Moved]?
      var deletes: [Moved]?
    }
    struct Unmanaged: Decodable {
      var name: String
      var delete: Moved?
    }
    var formatVersion: String
    var hosts: [Host]
    var unmanaged: [Unmanaged]
    var summary: [String: Int]
  }

  private func checkDocument(_ text: String) {
    let json = Data(Report.plan(plan, as: .json, style: TextStyle()).utf8)
    guard let document = try? JSONDecoder().decode(Document.self, from: json) else {
      Issue.record("\(world): the JSON of the plan does not decode")
      return
    }
    #expect(document.hosts.map(\.name) == plan.hosts.map(\.name))
    #expect(document.hosts.map(\.action) == plan.hosts.map(\.action.rawValue))
    #expect(document.hosts.map(\.steps) == plan.hosts.map { $0.steps.map(\.rawValue) })
    #expect(
      document.hosts.map { $0.changes.map(\.attribute) }
        == plan.hosts.map { $0.changes.map(\.attribute.rawValue) })
    #expect(
      document.hosts.map { $0.changes.map(\.blockedBy) }
        == plan.hosts.map { $0.changes.map(\.blockedBy?.rawValue) })
    #expect(document.unmanaged.map(\.name) == plan.unmanaged.map(\.name))
    if document.formatVersion != "1.0" { checkMoves(document) }
    checkSummary(document, text)
  }

  private func checkMoves(_ document: Document) {
    #expect(
      document.hosts.map { ($0.parks ?? []).map(\.node.id) }
        == plan.hosts.map { $0.parkings.map(\.node.id) })
    #expect(
      document.hosts.map { ($0.deletes ?? []).map(\.node.id) }
        == plan.hosts.map { $0.deletions.map(\.node.id) })
    #expect(
      document.unmanaged.map { $0.delete?.node.id } == plan.unmanaged.map { $0.deletion?.node.id })
    #expect(
      document.unmanaged.map { $0.delete?.blockedBy }
        == plan.unmanaged.map { $0.deletion?.blockedBy?.rawValue })
  }

  private func checkSummary(_ document: Document, _ text: String) {
    var counts: [String: Int] = [:]
    for host in document.hosts {
      counts[host.action == "none" ? "inSync" : host.action, default: 0] += 1
    }
    counts["remove", default: 0] += plan.deletions.count
    counts["unmanaged"] = plan.unmanaged.count - plan.deletions.count
    for (key, count) in document.summary where key != "byNameOnly" {
      #expect(counts[key, default: 0] == count, "\(world): \(key)")
    }
    for (key, words) in [
      ("join", "to join"), ("change", "to change"), ("replace", "to replace"),
      ("remove", "to remove"), ("blocked", "blocked"), ("inSync", "in sync"),
      ("wait", "waiting for a person"), ("unmanaged", "unmanaged"),
    ] where !plan.isEmpty && counts[key, default: 0] > 0 {
      #expect(text.contains("\(counts[key, default: 0]) \(words)"), "\(world): \(key)")
    }
  }
}
