/// What does not work, one line each, and many of a kind in one.
struct ReachFindings {
  struct Row: Equatable {
    var symbol: String
    /// Who, escaped.
    var head: String
    /// What and the next command, escaped.
    var parts: [String]
    var severity: Severity
    /// In full, for those who want to hear more.
    var finding: Diagnostic?
  }

  private let report: ReachReport
  private let verbose: Bool

  /// Lines of one kind before the rest is counted.
  private static let shown = 30
  /// Pairs of one kind at one host that become one line.
  private static let crowd = 3
  private static let named = 3

  init(_ report: ReachReport, verbose: Bool) {
    self.report = report
    self.verbose = verbose
  }

  var rows: [Row] {
    let hosts = report.members.compactMap(row)
    let failed = grouped(
      report.pairs.compactMap { pair in
        pair.outcome.finding.map { Item(pair: pair, finding: $0) }
      })
    let expected = report.expectations.compactMap(row)
    let relayed = grouped(report.pairs.compactMap(ReachFindings.relayed))
    return [hosts, failed, expected, relayed].flatMap(bounded)
  }

  private func bounded(_ rows: [Row]) -> [Row] {
    guard !verbose, rows.count > ReachFindings.shown else { return rows }
    let more = rows.count - ReachFindings.shown
    return rows.prefix(ReachFindings.shown) + [
      Row(
        symbol: " ", head: "and \(more) more", parts: ["all of them: --format json"],
        severity: .note)
    ]
  }

  // MARK: Hosts and endpoints

  private func row(_ member: ReachReport.Member) -> Row? {
    guard let finding = member.finding else { return nil }
    let name = ReachFindings.name(member.host)
    if member.member.isExcused {
      return Row(
        symbol: "o", head: name, parts: ["offline, as it may be"], severity: .note)
    }
    // The name stands in front of it.
    let isNamed = finding.message.hasPrefix(member.host + " ")
    let message =
      isNamed ? String(finding.message.dropFirst(member.host.count + 1)) : finding.message
    var parts = [VisibleText.escaped(message) + " [\(finding.code.rawValue)]"]
    parts += ReachFindings.next(finding)
    return Row(symbol: "!", head: name, parts: parts, severity: .error, finding: finding)
  }

  private func row(_ expectation: ReachReport.Expectation) -> Row? {
    let head =
      "\(ReachFindings.name(expectation.from)) → "
      + VisibleText.escaped(expectation.endpoint.label, limit: 80)
    guard let finding = expectation.outcome.finding else {
      guard verbose else { return nil }
      return Row(symbol: "+", head: head, parts: ["reached"], severity: .note)
    }
    return Row(
      symbol: "x", head: head, parts: [ReachFindings.words(finding)] + ReachFindings.next(finding),
      severity: .error, finding: finding)
  }

  // MARK: Pairs

  private struct Item {
    var pair: ReachReport.Pair
    var finding: Diagnostic
  }

  private static func relayed(_ pair: ReachReport.Pair) -> Item? {
    guard case .relayed(let path) = pair.outcome else { return nil }
    return Item(
      pair: pair,
      finding: Diagnostic(
        .reachRelayed, .note,
        "only by \(path.via), \(ReachMatrix.time(path.milliseconds))",
        detail: "It works, more slowly; UDP between the two is blocked, or a NAT is too strict.",
        hint: "on \(pair.from): tailscale netcheck", host: pair.from))
  }

  /// A host that nobody reaches is one line, not one for everybody who asked.
  private func grouped(_ items: [Item]) -> [Row] {
    struct Key: Hashable {
      var host: String
      var code: DiagnosticCode
    }
    let byTarget = Dictionary(grouping: items) { Key(host: $0.pair.to, code: $0.finding.code) }
    let byAsker = Dictionary(grouping: items) { Key(host: $0.pair.from, code: $0.finding.code) }
    var rows: [Row] = []
    var done: Set<Key> = []
    var doneAskers: Set<Key> = []
    for item in items {
      let target = Key(host: item.pair.to, code: item.finding.code)
      let asker = Key(host: item.pair.from, code: item.finding.code)
      let toIt = byTarget[target] ?? []
      let fromIt = byAsker[asker] ?? []
      if toIt.count >= ReachFindings.crowd, toIt.count >= fromIt.count {
        guard done.insert(target).inserted else { continue }
        rows.append(
          row(
            toIt, head: "\(toIt.count) hosts → \(ReachFindings.name(item.pair.to))",
            names: toIt.map(\.pair.from)))
      } else if fromIt.count >= ReachFindings.crowd {
        guard doneAskers.insert(asker).inserted else { continue }
        rows.append(
          row(
            fromIt, head: "\(ReachFindings.name(item.pair.from)) → \(fromIt.count) hosts",
            names: fromIt.map(\.pair.to)))
      } else {
        rows.append(
          row(
            [item],
            head: "\(ReachFindings.name(item.pair.from)) → \(ReachFindings.name(item.pair.to))",
            names: []))
      }
    }
    return rows
  }

  private func row(_ items: [Item], head: String, names: [String]) -> Row {
    let finding = items[0].finding
    var words = ReachFindings.words(finding)
    if !names.isEmpty {
      let few = names.prefix(ReachFindings.named).map(ReachFindings.name)
      words += ": " + few.joined(separator: ", ") + (names.count > few.count ? ", …" : "")
    }
    return Row(
      symbol: finding.severity == .note ? "~" : "x", head: head,
      parts: [words] + ReachFindings.next(finding),
      severity: finding.severity == .note ? .warning : .error, finding: finding)
  }

  // MARK: Words

  private static func name(_ host: String) -> String { VisibleText.escaped(host, limit: 80) }

  private static func next(_ finding: Diagnostic) -> [String] {
    finding.hint.map { ["next: " + VisibleText.escaped($0)] } ?? []
  }

  /// What beside the two names needs no names of its own.
  private static func words(_ finding: Diagnostic) -> String {
    let words =
      switch finding.code {
      case .reachNoAnswer: "no answer"
      case .reachNoPeer: "hidden by the policy, or not heard of yet"
      case .reachExpired: "the key has expired"
      case .reachRefused: "refused"
      case .reachTimeout: "no answer"
      case .reachResolve: "the name does not resolve there"
      case .reachNoRoute: "no route"
      case .reachUnclear:
        finding.evidence.map { "unknown words: " + VisibleText.escaped($0, limit: 120) }
          ?? "no words"
      default: VisibleText.escaped(finding.message)
      }
    return words + " [\(finding.code.rawValue)]"
  }
}
