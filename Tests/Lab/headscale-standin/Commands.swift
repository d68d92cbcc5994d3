import ArgumentParser
import Foundation
import MeshSimulation

/// Asks the running server over its unix socket.
struct LocalClient {
  var socket: String

  struct Refusal: Error, CustomStringConvertible {
    var description: String
  }

  func ask(_ verb: String, _ body: JSONValue = [:]) async throws -> JSONValue {
    let (status, text) = try await LocalSocket(path: socket).post(
      "/command-line/\(verb)", body.compact)
    let value = try JSONReader.read(text)
    guard status == 200 else { throw Refusal(description: value["message"]?.text ?? text) }
    return value
  }
}

struct Users: AsyncParsableCommand {
  static let configuration = CommandConfiguration(subcommands: [Create.self])

  struct Create: AsyncParsableCommand {
    @OptionGroup var options: ConfigOption
    @Argument var name: String
    @Option(name: [.customShort("d"), .long]) var displayName = ""
    @Option(name: [.short, .long]) var email = ""
    @Option(name: [.short, .long]) var output = ""

    func run() async throws {
      let client = LocalClient(socket: try Configuration(file: options.config).socket)
      let user = try await client.ask(
        "users-create",
        ["name": .string(name), "displayName": .string(displayName), "email": .string(email)])
      print(output.isEmpty ? "User created" : user.indented(by: "\t"))
    }
  }
}

struct APIKeys: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "apikeys", subcommands: [Create.self])

  struct Create: AsyncParsableCommand {
    @OptionGroup var options: ConfigOption
    @Option(name: [.short, .long]) var expiration = "90d"
    @Option(name: [.short, .long]) var output = ""

    func run() async throws {
      let client = LocalClient(socket: try Configuration(file: options.config).socket)
      let key = try await client.ask(
        "apikeys-create", ["seconds": .int(try seconds(of: expiration))])
      print(output.isEmpty ? key.text ?? "" : key.compact)
    }

    private func seconds(of text: String) throws -> Int {
      let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "y": 31_536_000]
      guard let unit = text.last.flatMap({ units[$0] }), let number = Int(text.dropLast()),
        number > 0
      else { throw ValidationError("not a duration: \(text)") }
      return number * unit
    }
  }
}

struct Nodes: AsyncParsableCommand {
  static let configuration = CommandConfiguration(subcommands: [List.self])

  struct List: AsyncParsableCommand {
    @OptionGroup var options: ConfigOption
    @Option(name: [.short, .long]) var output = "json"

    func run() async throws {
      let client = LocalClient(socket: try Configuration(file: options.config).socket)
      print(try await client.ask("nodes").indented(by: "\t"))
    }
  }
}

struct Version: AsyncParsableCommand {
  @Option(name: [.short, .long]) var output = ""

  func run() async throws {
    let mode = ProcessInfo.processInfo.environment["MESHCTL_STANDIN_MODE"].flatMap(Mode.init)
    let rules = (mode ?? .v0_29).rules
    if output.isEmpty {
      print("headscale version v\(rules.version)\ncommit: \(rules.commit)")
    } else {
      let value: JSONValue = [
        "version": .string("v" + rules.version), "commit": .string(rules.commit),
        "buildTime": .string(rules.buildTime),
      ]
      print(value.indented(by: "\t"))
    }
  }
}
