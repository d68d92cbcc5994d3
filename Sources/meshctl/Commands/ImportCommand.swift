import ArgumentParser
import MeshAdapters
import MeshCore
import MeshEngine
import YAMLReader

/// Writes an inventory, or a node list, from what there is.
struct ImportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Write an inventory from the live node list; changes nothing.",
    discussion: """
      The plan of the written inventory is empty: what would change something is left out, and a \
      comment says why. The API is reached as INVENTORY says (default: ./inventory.yaml where it \
      exists), else by HEADSCALE_URL and HEADSCALE_API_KEY (or HEADSCALE_API_KEY_FILE).

      --format nodes writes what `meshctl plan --nodes` reads, for places that the API cannot be \
      reached from.
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable { case inventory, nodes }

  @Argument(
    help: "An inventory whose `server:` section says how to reach the API.",
    completion: .inventory)
  var inventory: String?

  @Option(help: "What to write.")
  var format: Format = .inventory

  @Option(
    help: ArgumentHelp("Write to this file instead of standard output.", valueName: "file"),
    completion: .file())
  var out: String?

  @Flag(help: "Let --out overwrite a file.")
  var force = false

  @Option(
    help: ArgumentHelp(
      "Print only the nodes that this inventory lacks, to paste; the file is not edited.",
      valueName: "inventory"), completion: .inventory)
  var into: String?

  @Option(
    help: ArgumentHelp(
      "Take addresses, ports, users and groups from the output of ansible-inventory --list "
        + "(`-` is standard input).", valueName: "file"), completion: .file())
  var ansible: String?

  @Option(
    help: ArgumentHelp(
      "A saved node list instead of the API (`-` is standard input).", valueName: "file"),
    completion: .file())
  var nodes: String?

  @Option(
    help: ArgumentHelp(
      "What hosts join, where it is not the URL of the API.", valueName: "url"))
  var serverURL: String?

  @OptionGroup var server: ServerOptions
  @OptionGroup var style: StyleOptions

  func validate() throws {
    if format == .nodes,
      let other = [
        into.map { _ in "--into" }, ansible.map { _ in "--ansible" },
        serverURL.map { _ in "--server-url" },
      ].compactMap(\.self).first
    {
      throw ValidationError("\(other) goes with --format inventory only.")
    }
    if force, out == nil { throw ValidationError("--force goes with --out.") }
    if let serverURL, ServerURL(serverURL) == nil {
      throw ValidationError("--server-url has to be an http:// or https:// URL.")
    }
    if into != nil, inventory != nil {
      throw ValidationError("--into names the inventory already.")
    }
    if nodes == "-", ansible == "-" {
      throw ValidationError("Only one of --nodes and --ansible can be standard input.")
    }
  }

  func run() async throws {
    let app = App(style)
    try await app.run {
      // Before anything is read: a refusal at the end would waste it.
      try refuseOverwriting()
      let interrupts = InterruptHandler()
      do {
        return try await interrupts.run(
          announce: { app.console.log("Stopping.") },
          operation: { try await importing(app) }, cleanUp: {})
      } catch is CancellationError {
        return interrupts.exitStatus.flatMap(ExitStatus.init) ?? .interrupted
      }
    }
  }

  private func importing(_ app: App) async throws -> ExitStatus {
    let source = try await ImportSource.read(self, app)
    let now = app.clock.now()
    switch format {
    case .nodes:
      try write(SavedNodesText.of(source.observation, now: now), app)
      return .done
    case .inventory:
      let result = ImportResult(
        app: app, source: source, ansible: try ansibleInventory(app), now: now)
      let written: ImportResult.Written
      if let into {
        written = try result.snippet(for: into)
      } else {
        written = try result.file(name: out ?? "inventory.yaml")
      }
      let errors = written.findings.filter { $0.severity == .error }
      guard errors.isEmpty else {
        app.show(errors)
        return .error
      }
      if !written.text.isEmpty { try write(written.text, app) }
      app.show(written.findings)
      for line in written.hints { app.console.log(line) }
      return .done
    }
  }

  private func ansibleInventory(_ app: App) throws -> AnsibleInventory? {
    guard let ansible else { return nil }
    let bytes = try BoundedFile.read(ansible, limit: 256 << 20, what: "Ansible's inventory")
    let read = try AnsibleInventory(bytes: bytes, file: ansible)
    if !read.groupsWithVariables.isEmpty {
      app.show([
        Diagnostic(
          .importAnsibleVariables, .warning,
          "variables of groups are not read: \(read.groupsWithVariables.joined(separator: ", "))",
          hint: "run ansible-inventory --list without --export, which merges them into the hosts")
      ])
    }
    return read
  }

  // MARK: Output

  private func refuseOverwriting() throws {
    guard let out else { return }
    if BoundedFile.exists(out), !force {
      throw Failure(
        .importFileExists, "\(out) is there already",
        hint: "--force overwrites it; meshctl import --into \(out) prints what it lacks")
    }
    try BoundedFile.requireWritable(
      try BoundedFile.followed(out, what: "the result"), what: "the result")
  }

  private func write(_ text: String, _ app: App) throws {
    guard let out else { return try app.console.write(text) }
    try BoundedFile.write(
      text, to: try BoundedFile.followed(out, what: "the result"), what: "the result")
  }
}
