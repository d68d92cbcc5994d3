import ArgumentParser
import MeshAdapters
import MeshCore

/// Writes a first inventory; asks nothing, opens no connection.
struct InitCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init",
    abstract: "Write a commented inventory to start from; never overwrites a file.",
    discussion: """
      Where a mesh exists already, `meshctl import` writes an inventory of its nodes instead.

      Exit status: 0 written; 1 the file is there already, or cannot be written.
      """)

  @Option(help: ArgumentHelp("The file to write.", valueName: "file"), completion: .file())
  var out: String = InventoryOptions.standard

  @Option(
    name: .customLong("server-url"), help: ArgumentHelp("What hosts join.", valueName: "url"))
  var serverURL: String?

  @OptionGroup var style: StyleOptions

  func validate() throws {
    if out == "-" || out.isEmpty { throw ValidationError("--out has to be a file.") }
    if let serverURL, ServerURL(serverURL) == nil {
      throw ValidationError("--server-url has to be an http:// or https:// URL.")
    }
  }

  func run() async throws {
    let app = App(style)
    try await app.run {
      let text = StarterInventory.text(serverURL: serverURL.flatMap(ServerURL.init))
      guard try BoundedFile.create(text, at: out, what: "the inventory") else {
        throw Failure(
          .initFileExists, "\(out) is there already",
          detail: "An inventory is work of a person, so it is not overwritten.",
          hint: "name another file with --out, or check this one: meshctl validate \(out)")
      }
      // A name that begins with a dash would be an option.
      let place = out.hasPrefix("-") ? "./" + out : out
      let file = VisibleText.escaped(ShellQuoting.word(place))
      app.console.log("\(file) is written. Put your hosts in, then:")
      app.console.log("  meshctl plan \(file) --simulate   # a rehearsal; nothing real is touched")
      app.console.log("  meshctl plan \(file)              # the real mesh; changes nothing")
      return .done
    }
  }
}
