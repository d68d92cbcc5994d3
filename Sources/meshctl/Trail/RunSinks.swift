import MeshAdapters
import MeshCore
import MeshEngine

/// Who takes the events of one apply: its output, and the trail that it leaves.
struct RunSinks {
  /// What the person or the script sees.
  let output: any ApplySink
  /// Journal, metrics and notification, in this order, since a command may look at both files.
  let trail: any ApplySink

  var all: any ApplySink { Tee([output, trail]) }

  init(
    app: App, request: ApplyRequest, format: PlainOutputOptions.Format, trail options: TrailOptions,
    shard: String?, withheld: Set<String>
  ) {
    output = RunSinks.output(app, format)
    let run = RunIdentity(
      app, mesh: request.inventory.server.url.normalized, shard: shard,
      inventory: request.inventory.path)
    var sinks: [any ApplySink] = []
    // What is rehearsed is no history.
    if !request.simulated { sinks.append(JournalSink(app: app, run: run)) }
    if let file = options.metricsFile {
      sinks.append(
        MetricsSink(
          app: app, run: run, file: file, simulated: request.simulated,
          isWhole: request.flags.limit.isEmpty && request.flags.exclude.isEmpty))
    }
    if let line = options.notify {
      sinks.append(
        NotifySink(
          app: app, run: run, line: line, withheld: withheld,
          selection: request.flags.limit + request.flags.exclude.map { "!" + $0 },
          simulated: request.simulated))
    }
    trail = Tee(sinks)
  }

  private static func output(
    _ app: App, _ format: PlainOutputOptions.Format
  ) -> any ApplySink {
    // As JSON the steps stand on standard output.
    guard format == .text else { return JSONEvents(console: app.console, quiet: app.isQuiet) }
    let lines = StepLines(console: app.console, quiet: app.isQuiet)
    guard app.console.logFormat == .json, !app.isQuiet else { return lines }
    return Tee([WithoutSteps(lines), StepLog(console: app.console)])
  }
}

extension RunIdentity {
  /// The run of this process; its id is the console's.
  init(_ app: App, mesh: String, shard: String?, inventory: String) {
    self.init(
      id: app.console.run ?? "", author: .current(environment: app.environment), mesh: mesh,
      shard: shard, inventory: inventory, startedAt: app.startedAt)
  }
}
