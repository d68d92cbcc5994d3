import ArgumentParser
import MeshAdapters
import MeshCore

extension OperatingSystem: ExpressibleByArgument {}

/// Writes what enables SSH on a machine that nothing reaches yet; opens no connection.
struct BootstrapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bootstrap",
    abstract: "Write scripts that enable SSH on a machine and let public keys in.",
    discussion: """
      With --out a folder of files: for Windows enable-ssh.ps1, setup-ssh-key.ps1, install.bat (for \
      dockur/windows, /oem), a part of an answer file and authorized_keys; for Linux and macOS a script \
      and authorized_keys. With --line the one line to paste on the machine. Else one script on \
      standard output, with the keys inside, for a program that runs what it reads.

      The public keys are those of --authorized-keys, else of the host's bootstrap.authorized_keys, \
      else of ~/.ssh/*.pub. Private keys are refused.
      """)

  @Argument(help: "The machine's system.")
  var os: OperatingSystem

  @Option(
    help: ArgumentHelp("Write files into this folder.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Flag(help: "Print one line to paste on the machine (the common case: port 22, open to all).")
  var line = false

  @Option(
    help: ArgumentHelp(
      "A file of public keys, one a line; may be repeated.", valueName: "file"),
    completion: .file())
  var authorizedKeys: [String] = []

  @Option(
    help: ArgumentHelp(
      "Let sshd listen on this port too (not macOS). A port forward needs no other port.",
      valueName: "n"))
  var port: Int?

  @Option(
    help: ArgumentHelp("Let the firewall admit this network only (not macOS).", valueName: "cidr"))
  var remoteAddress: String?

  @Option(
    help: ArgumentHelp("A host of the inventory, for its user and keys.", valueName: "name"),
    completion: .hosts)
  var host: String?

  @Option(
    help: ArgumentHelp("The inventory that --host is in.", valueName: "file"),
    completion: .inventory)
  var inventory: String = InventoryOptions.standard

  @Flag(help: "Let --out overwrite files that differ; authorized_keys is always added to.")
  var force = false

  @OptionGroup var style: StyleOptions

  func validate() throws {
    if let port, !(1...65535).contains(port) {
      throw ValidationError("--port has to be between 1 and 65535.")
    }
    if force, out == nil { throw ValidationError("--force goes with --out.") }
    if line, let other = out.map({ _ in "--out" }) ?? setting {
      throw ValidationError("--line does the common case only, without \(other).")
    }
    if os == .macos, let setting {
      throw ValidationError("\(setting) does nothing on macOS: launchd owns the port of sshd.")
    }
    _ = try prefix()
  }

  func run() async throws {
    let app = App(style)
    try await app.run {
      let request = try BootstrapSource(command: self, app: app).request()
      if let out {
        try write(BootstrapBundle.files(request), BootstrapBundle.command(request), out, app)
      } else {
        try app.console.write(
          line ? BootstrapLine.of(request) + "\n" : BootstrapScript.standardInput(request))
      }
      return .done
    }
  }

  private var setting: String? {
    port.map { _ in "--port" } ?? remoteAddress.map { _ in "--remote-address" }
  }
}
