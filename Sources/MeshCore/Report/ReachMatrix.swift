/// The matrix of a verification: rows ask, columns are asked.
///
/// Three layouts, the first that fits: cells with latencies, cells of one sign, or no cells but one
/// line a host that does not reach all others directly.
struct ReachMatrix {
  private let report: ReachReport
  private let width: Int
  private let rows: [Row]
  /// Indices of members.
  private let columns: [Int]
  private let outcomes: [String: [String: ReachReport.Outcome]]

  private struct Row {
    var index: Int
    var name: String
    /// In place of cells, for a host that did not ask.
    var words: String?
  }

  /// More hosts than that are a wall of signs.
  private static let gridHosts = 64
  private static let nameShown = 32
  private static let shortName = 16

  /// `width` nil: no terminal, where lines are not wrapped but still read.
  init(_ report: ReachReport, width: Int?) {
    self.report = report
    self.width = max(40, width ?? 120)
    var outcomes: [String: [String: ReachReport.Outcome]] = [:]
    for pair in report.pairs { outcomes[pair.from, default: [:]][pair.to] = pair.outcome }
    self.outcomes = outcomes
    let asked = Set(report.pairs.map(\.to))
    var rows: [Row] = []
    var columns: [Int] = []
    for (index, member) in report.members.enumerated() {
      if asked.contains(member.host) || member.member.state == .offline { columns.append(index) }
      let words = ReachMatrix.words(member)
      if member.isAsker, words != nil || outcomes[member.host] != nil {
        rows.append(Row(index: index, name: member.host, words: words))
      }
    }
    self.rows = rows
    self.columns = columns
  }

  private static func words(_ member: ReachReport.Member) -> String? {
    switch member.member.state {
    case .offline: "offline"
    case .missing: "not on the mesh"
    case .present: member.refusal == nil ? nil : "could not be asked"
    }
  }

  func lines(_ paint: Paint) -> [String] {
    guard rows.contains(where: { $0.words == nil }), !columns.isEmpty else { return [] }
    guard max(rows.count, columns.count) <= ReachMatrix.gridHosts else { return list }
    return wide(paint) ?? narrow(paint) ?? list
  }

  // MARK: Grids

  /// A cell: its text, and how it is painted.
  private enum Sign { case direct, relayed, unreachable, notAsked, unwanted, itself, away }

  private func sign(_ row: Row, _ column: Int) -> (Sign, ReachPath?) {
    let target = report.members[column]
    guard row.index != column else { return (.itself, nil) }
    switch outcomes[row.name]?[target.host] {
    case .direct(let path)?: return (.direct, path)
    case .relayed(let path)?: return (.relayed, path)
    case .reached?: return (.direct, nil)
    case .unreachable?: return (.unreachable, nil)
    case .notAsked?: return (.notAsked, nil)
    case nil: return (target.member.state == .offline ? .away : .unwanted, nil)
    }
  }

  /// Latencies in the cells; nil where that does not fit.
  private func wide(_ paint: Paint) -> [String]? {
    let cells = rows.map { row in
      row.words == nil
        ? columns.map { column -> (Sign, String) in
          let (sign, path) = sign(row, column)
          return (sign, ReachMatrix.text(sign, path))
        } : []
    }
    let texts = cells.flatMap { $0.map(\.1) } + columns.map { String($0 + 1) }
    let cell = texts.map(\.count).max() ?? 1
    let name = min(ReachMatrix.nameShown, longestName)
    let head = 2 + digits + 1 + name
    guard head + columns.count * (cell + 2) <= width else { return nil }
    var lines = [
      String(repeating: " ", count: head)
        + columns.map { "  " + PlanText.left(String($0 + 1), cell, right: true) }.joined()
    ]
    for (row, cells) in zip(rows, cells) {
      let text = cells.map { sign, text in
        "  " + painted(sign, PlanText.left(text, cell, right: true), paint)
      }.joined()
      lines.append(label(row, name) + (row.words.map { "  " + paint.bad($0) } ?? text))
    }
    return lines + [""] + legend(cells.flatMap { $0.map(\.0) }, wide: true)
  }

  /// One sign a cell; nil where that does not fit either.
  private func narrow(_ paint: Paint) -> [String]? {
    let room = width - 2 - digits - 1 - 2 - columns.count
    let name = min(ReachMatrix.nameShown, longestName, room)
    guard name >= min(ReachMatrix.shortName, longestName) else { return nil }
    let head = String(repeating: " ", count: 2 + digits + 1 + name + 2)
    // Numbers of columns stand upright, one digit a line.
    var lines = (0..<digits).map { place in
      head
        + columns.map { column in
          let number = PlanText.left(String(column + 1), digits, right: true)
          return String(number[number.index(number.startIndex, offsetBy: place)])
        }.joined()
    }
    var used: [Sign] = []
    for row in rows {
      let signs = row.words == nil ? columns.map { sign(row, $0).0 } : []
      used += signs
      let text = signs.map { painted($0, ReachMatrix.short($0), paint) }.joined()
      lines.append(label(row, name) + "  " + (row.words.map { paint.bad($0) } ?? text))
    }
    return lines + [""] + legend(used, wide: false)
  }

  private var digits: Int { String(report.members.count).count }
  private var longestName: Int {
    rows.map { TextWidth.columns(of: VisibleText.escaped($0.name, limit: 80)) }.max() ?? 0
  }

  private func label(_ row: Row, _ width: Int) -> String {
    let name = VisibleText.escaped(row.name, limit: width)
    return "  " + PlanText.left(String(row.index + 1), digits, right: true) + " "
      + PlanText.left(name, width)
  }

  private static func text(_ sign: Sign, _ path: ReachPath?) -> String {
    let time = path.map { ReachMatrix.time($0.milliseconds) } ?? "ok"
    return switch sign {
    case .direct: time
    case .relayed: "~" + time
    case .away: "off"
    case .unreachable, .notAsked, .unwanted, .itself: short(sign)
    }
  }

  private static func short(_ sign: Sign) -> String {
    switch sign {
    case .direct: "."
    case .relayed: "~"
    case .unreachable: "x"
    case .notAsked: "?"
    case .unwanted: " "
    case .itself: "-"
    case .away: "o"
    }
  }

  private func painted(_ sign: Sign, _ text: String, _ paint: Paint) -> String {
    switch sign {
    case .direct: paint.good(text)
    case .relayed: paint.warning(text)
    case .unreachable, .notAsked: paint.bad(text)
    case .unwanted, .itself, .away: paint.dim(text)
    }
  }

  private func legend(_ used: [Sign], wide: Bool) -> [String] {
    var words = ["Rows ask, columns are asked"]
    for (sign, meaning) in [
      (Sign.direct, wide ? "" : ". direct"), (.relayed, "~ relayed"),
      (.unreachable, "x unreachable"),
      (.notAsked, "? not asked in time"), (.unwanted, "blank: not to be asked"),
      (.away, (wide ? "off" : "o") + " offline"),
    ] where used.contains(where: { $0 == sign }) && !meaning.isEmpty { words.append(meaning) }
    return TextFlow.sentence(words.joined(separator: "; ") + ".", width: width).map { "  " + $0 }
  }

  // MARK: Without cells

  private var list: [String] {
    var lines: [String] = []
    var allDirect: [ReachPath] = []
    var count = 0
    for row in rows {
      let all = (outcomes[row.name] ?? [:]).values
      let paths = all.compactMap { outcome -> ReachPath? in
        switch outcome {
        case .direct(let path), .relayed(let path): path
        case .reached, .unreachable, .notAsked: nil
        }
      }
      if row.words == nil, paths.count == all.count, paths.allSatisfy(\.isDirect) {
        allDirect += paths
        count += 1
        continue
      }
      let head = label(row, min(ReachMatrix.nameShown, longestName)) + "  "
      let said = row.words ?? ReachMatrix.counts(Array(all), paths)
      lines += TextFlow.flow(head: head, parts: [said], width: width)
    }
    guard count > 0 else { return lines }
    let rest = lines.isEmpty ? "" : "other "
    let verb = count == 1 ? "reaches" : "reach"
    lines.append(
      "  \(count) \(rest)host\(count == 1 ? "" : "s") \(verb) directly whom they ask, "
        + ReachMatrix.span(allDirect))
    return lines
  }

  private static func counts(
    _ outcomes: [ReachReport.Outcome], _ paths: [ReachPath]
  ) -> String {
    let unreachable = outcomes.count { if case .unreachable = $0 { true } else { false } }
    let notAsked = outcomes.count { if case .notAsked = $0 { true } else { false } }
    var parts = ["\(paths.count(where: \.isDirect)) direct"]
    let relayed = paths.count { !$0.isDirect }
    if relayed > 0 { parts.append("\(relayed) relayed") }
    if unreachable > 0 { parts.append("\(unreachable) unreachable") }
    if notAsked > 0 { parts.append("\(notAsked) not asked in time") }
    return "\(outcomes.count) asked: " + parts.joined(separator: ", ")
      + (paths.isEmpty ? "" : "; " + span(paths))
  }

  /// `1ms to 40ms`.
  private static func span(_ paths: [ReachPath]) -> String {
    let times = paths.map(\.milliseconds).sorted()
    guard let first = times.first, let last = times.last else { return "" }
    return time(first) == time(last) ? time(first) : "\(time(first)) to \(time(last))"
  }

  /// Short, because it stands in cells: `<1ms`, `12ms`, `1.2s`.
  static func time(_ milliseconds: Double) -> String {
    if milliseconds < 1 { return "<1ms" }
    if milliseconds < 1000 { return "\(Int(milliseconds.rounded()))ms" }
    let tenths = Int((min(milliseconds, 999_000) / 100).rounded())
    return "\(tenths / 10).\(tenths % 10)s"
  }
}
