import ArgumentParser
import MeshAdapters
import MeshCore

/// Shows what earlier runs changed; reads files of this machine only.
struct LogCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "log",
    abstract: "Show what earlier runs of this user on this machine changed, the newest last.",
    discussion: """
      It reads the journal, $XDG_STATE_HOME/meshctl/journal.jsonl (~/.local/state where the variable \
      is not set), and the older files beside it. Simulated runs leave none. Times are UTC.
      """)

  @Option(
    help: ArgumentHelp(
      "Only what is younger: a duration (90s, 30m, 12h, 2d) or an RFC 3339 time.",
      valueName: "duration|time"))
  var since: String?

  @Option(
    help: ArgumentHelp(
      "Only what was done to these hosts: names, globs, !not; may be repeated or comma-separated.",
      valueName: "pattern"), completion: .hosts)
  var host: [String] = []

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("Only this run: its id, or how it begins.", valueName: "id"))
  var runID: String?

  @Option(
    name: [.short, .customLong("limit")],
    help: ArgumentHelp("How many entries at most, the newest ones; 0 for all.", valueName: "n"))
  var number = 100

  @OptionGroup var output: PlainOutputOptions

  static let largest = 100_000

  func validate() throws {
    guard (0...LogCommand.largest).contains(number) else {
      throw ValidationError("--limit takes 0 (all) to \(LogCommand.largest).")
    }
    if let runID, runID.isEmpty || !runID.allSatisfy(\.isHexDigit) {
      throw ValidationError("--run takes the id of a run, hexadecimal digits.")
    }
    if let since, LogCommand.time(since, now: Timestamp(seconds: 0)) == nil {
      throw ValidationError(
        "--since takes a duration such as 2d, or a time such as 2026-01-31T00:00:00Z.")
    }
  }

  func run() async throws {
    let app = App(output.style)
    try await app.run {
      var page = LogPage(
        console: app.console, format: output.format, limit: number,
        filter: try JournalFilter(
          since: since.flatMap { LogCommand.time($0, now: app.clock.now()) }, hosts: host,
          run: runID))
      let folder = StateDirectory.path(environment: app.environment)
      var reader = JournalReader(folder: folder)
      try reader.read { entry in
        try page.take(entry)
        return true
      }
      try page.end()
      report(page, reader, folder, app)
      return .done
    }
  }

  private func report(_ page: LogPage, _ reader: JournalReader, _ folder: String, _ app: App) {
    if !reader.skipped.isEmpty {
      let files = reader.skipped.map { "\($0.file): \(Count.of($0.lines, "line"))" }
      app.show([
        Diagnostic(
          .journalForeign, .warning, "left out what is no entry of the journal",
          evidence: files.joined(separator: ", "), hint: "look into \(folder)")
      ])
    }
    if page.shown == 0 {
      app.console.log(
        page.isEmpty
          ? "No changes are recorded in \(VisibleText.escaped(folder))." : "No entry is chosen.")
    } else if page.leftOut > 0 {
      app.console.log("\(page.leftOut) older entries are not shown; --limit 0 shows all.")
    }
  }

  private static func time(_ text: String, now: Timestamp) -> Timestamp? {
    DurationText.seconds(text).map { now.adding(seconds: -$0) } ?? Timestamp(rfc3339: text)
  }
}

/// Chooses, keeps at most as many entries as are asked for, and writes them.
struct LogPage {
  private let console: Console
  private let format: PlainOutputOptions.Format
  /// 0 for all, which are then written as they come.
  private let limit: Int
  private let filter: JournalFilter
  private var text: JournalText
  private var ring: [JournalEntry] = []
  private var next = 0
  /// True where the journal has no entry at all.
  private(set) var isEmpty = true
  private(set) var shown = 0
  private(set) var leftOut = 0

  init(
    console: Console, format: PlainOutputOptions.Format, limit: Int, filter: JournalFilter
  ) {
    self.console = console
    self.format = format
    self.limit = limit
    self.filter = filter
    text = JournalText(style: console.outputStyle)
  }

  mutating func take(_ entry: JournalEntry) throws {
    isEmpty = false
    guard filter.shows(entry) else {
      text.saw(entry)
      return
    }
    guard limit > 0 else { return try write(entry) }
    if ring.count < limit {
      ring.append(entry)
    } else {
      ring[next] = entry
      next = (next + 1) % limit
      leftOut += 1
    }
  }

  mutating func end() throws {
    for entry in ring[next...] + ring[..<next] { try write(entry) }
    ring = []
    if format == .text { try console.write(text.closing) }
  }

  private mutating func write(_ entry: JournalEntry) throws {
    shown += 1
    switch format {
    case .text: try console.write(text.text(entry))
    case .json: try console.write(StableJSON.encode(entry, indented: false) + "\n")
    }
  }
}
