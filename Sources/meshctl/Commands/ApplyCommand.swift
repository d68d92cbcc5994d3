import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine

/// Makes the mesh match the inventory.
struct ApplyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apply",
    abstract: "Show what differs, ask, and make the mesh match the inventory.",
    discussion: """
      Given a plan that `meshctl plan --out` saved, it plans again with the plan's own flags and goes \
      on only where the same would be done; it asks then too. Flags of the plan that allow more than \
      the inventory's guards (--prune, --allow-move, --max-deletes, --max-changes) have to be given \
      again, so that no file turns a guard off unseen.

      Exit status: 0 the mesh matches; 1 an error before anything was changed; 3 some hosts \
      failed or are blocked, the others are done; 4 something waits for a person; 5 another run \
      holds the lock; 6 what was shown or saved no longer holds; 130 interrupted, 143 terminated \
      (after clean-up).
      """)

  @Argument(
    help: ArgumentHelp("The inventory file, or a saved plan.", valueName: "inventory|plan"),
    completion: .file())
  var inventory: String = InventoryOptions.standard

  @OptionGroup var selection: SelectionOptions
  @OptionGroup var sharding: ShardOptions
  @OptionGroup var shaping: ShapingOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var hosts: HostOptions
  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var output: PlainOutputOptions
  @OptionGroup var trail: TrailOptions

  @Flag(help: "Do not ask.")
  var autoApprove = false

  @OptionGroup var unattended: UnattendedOptions

  @Flag(help: "Probe every selected host and compare client preferences too.")
  var probe = false

  @Flag(
    help: ArgumentHelp(
      "Have the hosts that were changed ask up to \(VerifyRun.peersOfChanged) peers whom they reach, "
        + "and as many ask back (see meshctl verify); exit 3 where somebody is not reached."))
  var verify = false

  @Option(
    help: ArgumentHelp("Seconds to wait for another run to end.", valueName: "seconds"))
  var lockTimeout = 0

  func validate() throws {
    if simulation.nodes != nil, !simulation.simulate {
      throw ValidationError("--nodes is allowed with apply only together with --simulate.")
    }
    if lockTimeout < 0 { throw ValidationError("--lock-timeout cannot be negative.") }
    try shaping.check(with: selection)
    try unattended.check(autoApprove: autoApprove, askBecomePass: hosts.askBecomePass)
  }

  func run() async throws {
    var app = App(output.style)
    app.isQuiet = unattended.quiet
    app.console.run = RunIdentity.id(.random(in: .min ... .max))
    let early = try ending(app)
    try await app.run { [app] in
      let (run, hosts) = try await early.telling { try prepared(app) }
      return try await run.run(
        server: server, hosts: hosts, simulation: simulation, lockTimeout: lockTimeout)
    }
  }

  /// Who is told where the run ends before it knows its mesh.
  private func ending(_ app: App) throws -> EarlyEnding {
    // One that cannot be read is said by `prepared`.
    let saved = (try? PlanFile.recognised(inventory))?.plan
    return EarlyEnding(
      app: app, options: trail, inventory: saved?.inventoryPath ?? inventory,
      limit: saved?.flags.limit ?? selection.limit,
      exclude: saved?.flags.exclude ?? selection.exclude,
      shard: try saved.map { $0.flags.shard } ?? sharding.resolved(in: app.environment),
      simulated: simulation.simulate, format: output.format)
  }

  /// The run, once nothing of the command line and the files is in its way.
  private func prepared(_ app: App) throws -> (ApplyRun, HostOptions) {
    try trail.metricsFile.map(MetricsFile.init)?.requireWritable()
    let saved = try PlanFile.recognised(inventory)?.plan
    var hosts = hosts
    var flags = shaping.flags(
      selection, shard: try sharding.resolved(in: app.environment), probe: probe, hosts: hosts)
    if let saved {
      flags = try shape(of: saved)
      hosts.askBecomePass = flags.askBecomePassword
    }
    let loaded = try app.loadInventory(saved?.inventoryPath ?? inventory)
    let selected = try app.select(
      limit: flags.limit, exclude: flags.exclude, shard: flags.shard, from: loaded)
    guard autoApprove || app.console.isInputTerminal else {
      throw Failure(
        .noTerminal, "apply asks before it acts, and standard input is no terminal",
        hint: "use --auto-approve")
    }
    let request = ApplyRequest(
      inventory: loaded, selection: selected, flags: flags, parallelism: hosts.parallelism,
      simulated: simulation.simulate,
      // A saved plan is a decision of now, and holding a host back would be another plan.
      backsOff: autoApprove && !unattended.retryNow && saved == nil)
    var run = ApplyRun(
      app: app, request: request, format: output.format, autoApprove: autoApprove,
      promise: saved.map { Promise(plan: $0, file: inventory) }, verifies: verify)
    run.trail = trail
    run.shard = flags.shard?.text
    return (run, hosts)
  }

  /// The flags of a saved plan, once it is certain that it may be applied here.
  private func shape(of saved: Plan) throws -> PlanFlags {
    try requireFlags(of: saved)
    guard saved.simulated == simulation.simulate else {
      throw Failure(
        .planSimulated,
        saved.simulated
          ? "\(inventory) was made for a simulated mesh, so it is not applied to the real one"
          : "\(inventory) was made for the real mesh, so it is not applied to a simulated one",
        hint: saved.simulated ? "add --simulate, or plan without it" : "leave out --simulate")
    }
    try PlanFile.requireInventory(of: saved, in: inventory)
    var flags = saved.flags
    flags.askBecomePassword = flags.askBecomePassword || hosts.askBecomePass
    return flags
  }

  /// Requires that whoever applies a plan gives the flags again that allow more than the guards do,
  /// and no other ones: a plan file comes from anybody.
  private func requireFlags(of saved: Plan) throws {
    let file = VisibleText.escaped(inventory)
    let needed = saved.flags.overrides
    let given = shaping.given
    let names = Set(needed.compactMap { $0.split(separator: " ").first })
    let surplus =
      selection.given + sharding.given + given.filter { !names.contains($0.prefix { $0 != " " }) }
      + (probe ? ["--probe"] : [])
    guard surplus.isEmpty else {
      throw ValidationError(
        "\(file) is a saved plan and brings its own flags: leave out \(surplus.joined(separator: ", "))."
      )
    }
    guard given == needed else {
      throw ValidationError(
        "\(file) was planned with flags that allow more than the inventory's guards; "
          + "if that is meant, give the same ones: "
          + PlanFile.command(saved, file: inventory, simulation: simulation))
    }
  }
}
