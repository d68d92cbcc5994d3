import Foundation
import HeadscaleHTTP
import MeshSimulation

/// Every command but `serve`: it is run by the server that listens on the configuration's socket.
enum RemoteCommand {
  /// Runs one command line, prints what it prints and returns its exit status.
  static func run(_ arguments: [String]) async -> Int32 {
    let answer = await answer(arguments)
    FileHandle.standardOutput.write(Data(answer.output.utf8))
    FileHandle.standardError.write(Data(answer.error.utf8))
    return Int32(clamping: answer.exitStatus)
  }

  private static func answer(_ arguments: [String]) async -> CommandLineAnswer {
    let environment = ProcessInfo.processInfo.environment
    let mode = environment["MESHCTL_STANDIN_MODE"].flatMap(Mode.init) ?? .v0_29
    let format = value(of: ["-o", "--output"], in: arguments) ?? ""
    let asksVersion = arguments.contains("version")
    let file =
      value(of: ["-c", "--config"], in: arguments) ?? environment["HEADSCALE_CONFIG"]
      ?? "/etc/headscale/config.yaml"
    var socket = file
    do {
      socket = try Configuration.socket(file: file)
      let body: JSONValue = ["arguments": .strings(arguments)]
      let (status, text) = try await LocalSocket(path: socket).post("/command-line", body.compact)
      if status == 200, let answer = CommandLineAnswer(try JSONReader.read(text)) { return answer }
      return LocalCommandLine.unreachable(
        socket: socket, "HTTP status \(status)", mode: mode, format: format)
    } catch {
      if asksVersion { return LocalCommandLine.version(mode, format: format) }
      return LocalCommandLine.unreachable(
        socket: socket, String(describing: error), mode: mode, format: format)
    }
  }

  /// The value of a flag, wherever it stands.
  private static func value(of names: [String], in arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() {
      if names.contains(argument) { return arguments.dropFirst(index + 1).first }
      for name in names where argument.hasPrefix(name + "=") {
        return String(argument.dropFirst(name.count + 1))
      }
    }
    return nil
  }
}
