import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine
import MeshSimulation

/// Gives meshctl, once and with a person at the terminal, what later runs need on a host.
struct PrepareCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prepare",
    abstract: "Prepare hosts where sudo asks for a password; shows everything first, and asks.",
    discussion: """
      --one-time (the default) installs the client where it is missing and makes the login user its \
      operator: joining and changing preferences need no root from then on. --drop-in writes a \
      sudoers (or doas) rule, so that runs without a person can install and upgrade too; it makes \
      the login user as good as root, and says so.

      The password is asked for here, goes to sudo by standard input, and is kept nowhere. An unknown \
      host key and a login by password are asked for by OpenSSH itself; --copy-key puts a public key \
      there, so that later runs need no password. --undo takes back what prepare wrote.

      Exit status: 0 the hosts are prepared; 1 an error before anything was changed, or declined; \
      3 some hosts are not done, the others are; 130 interrupted.
      """)

  @Argument(
    help: ArgumentHelp("Hosts: names, groups, globs, !not.", valueName: "host"),
    completion: .hosts)
  var hosts: [String]

  @Option(name: [.short, .long], help: "The inventory file.", completion: .inventory)
  var inventory: String = InventoryOptions.standard

  @Flag(help: "Install the client and make the login user its operator (the default).")
  var oneTime = false

  @Flag(help: "Root without a password for the login user, by a checked sudoers or doas rule.")
  var dropIn = false

  @Flag(help: "Take back what prepare wrote.")
  var undo = false

  @Option(
    help: ArgumentHelp(
      "Add this public key to the login user's authorized_keys too.", valueName: "file.pub"),
    completion: .file(extensions: ["pub"]))
  var copyKey: String?

  @Flag(help: "Do not ask for a yes; passwords are asked for all the same.")
  var autoApprove = false

  @OptionGroup var simulation: SimulationOptions
  @OptionGroup var style: StyleOptions

  func validate() throws {
    let forms = [oneTime, dropIn, undo].filter { $0 }.count
    if forms > 1 { throw ValidationError("Give one of --one-time, --drop-in and --undo.") }
    if undo, copyKey != nil {
      throw ValidationError("--undo removes every key that prepare added; leave out --copy-key.")
    }
  }

  func run() async throws {
    var app = App(style)
    app.console.run = RunIdentity.id(.random(in: .min ... .max))
    try await app.run { [app] in
      let loaded = try app.loadInventory(inventory)
      let selected = try app.select(limit: hosts, exclude: [], from: loaded)
      let key = try copyKey.map { path in
        let bytes = try BoundedFile.read(path, limit: 64 << 10, what: "the public key")
        return try PublicKeyLine(parsing: String(decoding: bytes, as: UTF8.self), named: path)
      }
      guard app.console.isInputTerminal || (simulation.simulate && autoApprove) else {
        throw Failure(
          .noTerminal, "prepare asks a person, and standard input is no terminal",
          detail: "Nothing was done.",
          hint: "run it in a terminal; without a person: become: {password: {env: …}}")
      }
      let task: PrepareRequest.Task = undo ? .undo : .grant(dropIn ? .dropIn : .oneTime)
      let run = PrepareRun(
        app: app,
        request: PrepareRequest(task: task, key: key, asksPasswords: !simulation.simulate),
        approves: autoApprove)
      let list = loaded.hosts.filter { selected.contains($0.key) }
      return try await act(run, list, app, loaded)
    }
  }

  private func act(
    _ run: PrepareRun, _ list: [MeshCore.Host], _ app: App, _ loaded: Inventory
  ) async throws -> ExitStatus {
    guard simulation.simulate else {
      var run = run
      run.attempts = AttemptCache(app: app, inventory: loaded)
      run.journal = PrepareJournal(
        app: app,
        run: RunIdentity(
          app, mesh: loaded.server.url.normalized, shard: nil, inventory: loaded.path))
      return try await run.run(list, over: OpenSSHHosts(environment: app.environment))
    }
    let simulated = try SimulatedPorts(inventory: loaded, options: simulation)
    let status = try await run.run(list, over: SimulatedPorts.hosts(simulated.world))
    try await simulated.finish()
    return status
  }
}
