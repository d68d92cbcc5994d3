/// Entries of the journal for people: a head for each run, one line for each change.
package struct JournalText {
  private let style: TextStyle
  /// The run whose head was written last, and the day of that head.
  private var current: (run: String, day: Substring)?
  /// Runs that were shown, and those of them whose end was seen, in the order of their first line.
  private var shown: [String] = []
  private var known: Set<String> = []
  private var ended: Set<String> = []

  package init(style: TextStyle) { self.style = style }

  /// The lines of one entry, with line feeds.
  package mutating func text(_ entry: JournalEntry) -> String {
    if known.insert(entry.run).inserted { shown.append(entry.run) }
    if entry.type == .end { ended.insert(entry.run) }
    var lines: [String] = []
    let day = entry.time.prefix(10)
    if entry.type == .start || current?.run != entry.run || current?.day != day {
      lines += (current == nil ? [] : [""]) + head(entry)
      current = (entry.run, day)
    }
    if entry.type != .start { lines += body(entry) }
    return lines.map { TextFlow.trimmed($0) + "\n" }.joined()
  }

  /// An end of a run that is not shown itself.
  package mutating func saw(_ entry: JournalEntry) {
    if entry.type == .end { ended.insert(entry.run) }
  }

  /// What is said after the last entry.
  package var closing: String {
    let open = shown.filter { !ended.contains($0) }
    guard !open.isEmpty else { return "" }
    let names = open.prefix(5).map { VisibleText.escaped($0, limit: 20) }.joined(separator: ", ")
    let more = open.count > 5 ? " and \(open.count - 5) more" : ""
    let sentence =
      (open.count == 1 ? "Run \(names) has" : "Runs \(names)\(more) have")
      + " no end in the journal: killed, or still running."
    return "\n" + TextFlow.sentence(sentence, width: style.width).joined(separator: "\n") + "\n"
  }

  private var paint: Paint { Paint(isOn: style.color) }

  private func head(_ entry: JournalEntry) -> [String] {
    let who =
      entry.who.user + (entry.who.sudoUser.map { " (sudo of \($0))" } ?? "") + " on "
      + entry.who.host
    var parts = ["run \(entry.run)", who, entry.mesh]
    if let shard = entry.shard { parts.append("shard \(shard)") }
    if style.verbose {
      parts += [
        entry.inventory, "plan \(entry.plan ?? "none yet")", "meshctl \(entry.meshctl)",
        "pid \(entry.who.pid)",
      ]
    } else if let plan = entry.plan {
      // As many digits as tell plans apart; -v shows all.
      parts.append("plan \(plan.prefix(19))")
    }
    let time = JournalText.time(entry.time)
    return TextFlow.flow(
      head: "\(time.day) \(time.clock)  ", parts: parts.map { VisibleText.escaped($0, limit: 300) },
      width: style.width
    ).map { paint.strong($0) }
  }

  private func body(_ entry: JournalEntry) -> [String] {
    let clock = JournalText.time(entry.time).clock
    if entry.type == .end {
      let line = "  \(clock)  ended: " + JournalText.ending(entry)
      return [entry.exitCode == 0 ? line : paint.bad(line)]
    }
    let host = VisibleText.escaped(entry.host ?? "server", limit: 40)
    let node = entry.node.map { "#" + VisibleText.escaped($0, limit: 20) } ?? ""
    let what =
      entry.type == .key
      ? "pre-auth key" : VisibleText.escaped(entry.step ?? "?", limit: 40)
    let head =
      "  \(clock)  " + PlanText.left(host, 14) + "  " + PlanText.left(node, 5) + "  "
      + PlanText.left(what, 15) + "  "
    return TextFlow.flow(
      head: head, parts: parts(entry).map { VisibleText.escaped($0, limit: 2000) },
      width: style.width
    ).map { entry.result == .failed || entry.result == .interrupted ? paint.bad($0) : $0 }
  }

  private func parts(_ entry: JournalEntry) -> [String] {
    var parts: [String] = []
    switch entry.result {
    case .ok?, nil: break
    case .minted?: parts.append("minted \(entry.key ?? "?")")
    case .expired?:
      parts.append(
        "expired " + (entry.key ?? entry.expiring.map { "(the one until \($0))" } ?? "?"))
    case .failed?:
      parts.append("failed [\(entry.code ?? "?")]" + (entry.message.map { " \($0)" } ?? ""))
    case .interrupted?: parts.append("interrupted: whether it took effect is not known")
    case .waits?:
      parts.append("waits [\(entry.code ?? "?")]" + (entry.message.map { " \($0)" } ?? ""))
    }
    let changes = entry.changes ?? []
    parts += changes.map(JournalText.words)
    if let detail = entry.detail, changes.isEmpty || style.verbose { parts.append(detail) }
    if entry.cut == true { parts.append("(cut)") }
    return parts.isEmpty ? ["done"] : parts
  }

  private static func ending(_ entry: JournalEntry) -> String {
    var words = [
      "exit \(entry.exitCode ?? -1)", Count.of(entry.done ?? 0, "change"),
    ]
    if let failed = entry.failed, failed > 0 { words.append("\(failed) failed") }
    if let seconds = entry.seconds { words.append("\(seconds) s") }
    return words.joined(separator: ", ")
  }

  /// `tags: tag:a → tag:b`; an old value that is not known is left out.
  static func words(_ change: JournalChange) -> String {
    let label =
      Change.Attribute(rawValue: change.attribute).map(HostText.label) ?? change.attribute
    if case .some(.some(.list(let old))) = change.old,
      case .some(.some(.list(let new))) = change.new,
      label.hasPrefix("routes")
    {
      let added = new.filter { !old.contains($0) }.map { "+ \($0)" }
      let removed = old.filter { !new.contains($0) }.map { "- \($0)" }
      if !(added + removed).isEmpty {
        return "\(label): " + (added + removed).joined(separator: " ")
      }
    }
    let new = change.new.map(text) ?? "?"
    return change.old.map { "\(label): \(text($0)) → \(new)" } ?? "\(label): \(new)"
  }

  private static func text(_ value: PlanDocument.ValuePart?) -> String {
    switch value {
    case nil: "none"
    case .text(let text)?: text.isEmpty ? "none" : text
    case .list(let list)?: list.isEmpty ? "none" : list.joined(separator: ", ")
    case .flag(let flag)?: flag ? "on" : "off"
    }
  }

  /// Day and time of day in UTC, whole seconds.
  private static func time(_ text: String) -> (day: String, clock: String) {
    guard let time = Timestamp(rfc3339: text) else { return (VisibleText.escaped(text), "") }
    let shown = Timestamp(seconds: time.seconds).rfc3339
    return (String(shown.prefix(10)), String(shown.dropFirst(11)))
  }
}
