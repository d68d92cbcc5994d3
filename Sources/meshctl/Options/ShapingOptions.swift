import ArgumentParser
import MeshCore

extension Guards.Limit: ExpressibleByArgument {
  public init?(argument: String) { self.init(text: argument) }
}

/// What a plan may hold; kept in it, so that a saved plan can be made again.
struct ShapingOptions: ParsableArguments {
  @Flag(
    help: ArgumentHelp(
      "Delete nodes that the inventory does not name once they are offline for guards.prune_after; "
        + "never together with --limit or --exclude."))
  var prune = false

  @Flag(
    help: "Move hosts that are joined to another control server, or by another URL of this one.")
  var allowMove = false

  @Option(
    help: ArgumentHelp(
      "Override guards.max_deletes for this run (a shard has its share of a percentage): a number, "
        + "a percentage of the nodes, or off.",
      valueName: "n|n%|off"))
  var maxDeletes: Guards.Limit?

  @Option(
    help: ArgumentHelp(
      "Override guards.max_changes for this run (a shard has its share of a percentage): a number, "
        + "a percentage of the hosts, or off.",
      valueName: "n|n%|off"))
  var maxChanges: Guards.Limit?

  /// For commands that only look.
  static var none: ShapingOptions {
    var options = ShapingOptions()
    options.prune = false
    options.allowMove = false
    options.maxDeletes = nil
    options.maxChanges = nil
    return options
  }

  /// Refuses to prune a part: which nodes belong to nobody shows only against the whole inventory.
  func check(with selection: SelectionOptions) throws {
    guard prune, !selection.isEmpty else { return }
    throw ValidationError(
      "--prune works on the whole inventory, so it cannot be used with --limit or --exclude.")
  }

  func flags(
    _ selection: SelectionOptions, shard: Shard?, probe: Bool, hosts: HostOptions
  ) -> PlanFlags {
    var flags = PlanFlags()
    flags.limit = selection.limit
    flags.exclude = selection.exclude
    flags.shard = shard
    flags.probe = probe
    flags.askBecomePassword = hosts.askBecomePass
    flags.prune = prune
    flags.allowMove = allowMove
    flags.maxDeletes = maxDeletes
    flags.maxChanges = maxChanges
    return flags
  }

  /// The options given, each with its value, in the order of `PlanFlags.overrides`.
  var given: [String] {
    var flags = PlanFlags()
    flags.prune = prune
    flags.allowMove = allowMove
    flags.maxDeletes = maxDeletes
    flags.maxChanges = maxChanges
    return flags.overrides
  }
}

extension SelectionOptions {
  var isEmpty: Bool { limit.isEmpty && exclude.isEmpty }

  var given: [String] {
    [limit.isEmpty ? nil : "--limit", exclude.isEmpty ? nil : "--exclude"].compactMap(\.self)
  }
}
