package import MeshSimulation

/// How one run of `headscale` ended.
package struct CommandLineAnswer: Sendable, Equatable {
  package var exitStatus = 0
  package var output = ""
  package var error = ""

  /// A result in the wanted form; `text` is what people see.
  static func result(_ value: JSONValue, text: String, as format: String) -> CommandLineAnswer {
    switch format {
    case "json": CommandLineAnswer(output: value.indented(by: "\t") + "\n")
    case "json-line": CommandLineAnswer(output: value.compact + "\n")
    default: CommandLineAnswer(output: text + "\n")
    }
  }

  /// A failure; `text` is what people see, `message` what programs get.
  static func failure(
    _ message: String, text: String? = nil, as format: String
  ) -> CommandLineAnswer {
    let value: JSONValue = ["error": .string(message)]
    let shown = result(value, text: text ?? "Error: \(message)", as: format)
    return CommandLineAnswer(exitStatus: 1, error: shown.output)
  }

  var json: JSONValue {
    ["exitStatus": .int(exitStatus), "output": .string(output), "error": .string(error)]
  }

  /// Reads what `json` wrote; nil for anything else.
  package init?(_ value: JSONValue) {
    guard case .number(let digits)? = value["exitStatus"], let status = Int(digits),
      let output = value["output"]?.text, let error = value["error"]?.text
    else { return nil }
    self.init(exitStatus: status, output: output, error: error)
  }

  init(exitStatus: Int = 0, output: String = "", error: String = "") {
    self.exitStatus = exitStatus
    self.output = output
    self.error = error
  }
}

/// What `headscale` says where no server helps it.
package enum LocalCommandLine {
  /// `headscale version`: the program's own.
  package static func version(_ mode: Mode, format: String) -> CommandLineAnswer {
    let rules = mode.rules
    let text =
      rules.hasVersionPage
      ? "headscale version v\(rules.version)\ncommit: \(rules.commit)\n"
        + "build time: \(rules.buildTime)\nbuilt with: \(rules.goVersion) linux/amd64\n"
      : "v\(rules.version)"
    return .result(WireJSON(rules).version(), text: text, as: format)
  }

  /// Nobody answers at the socket: up to 0.28 the program dies without a word where logging is off.
  package static func unreachable(
    socket: String, _ reason: String, mode: Mode, format: String
  ) -> CommandLineAnswer {
    switch mode {
    case .v0_26, .v0_27, .v0_28:
      format.isEmpty
        ? CommandLineAnswer(exitStatus: 1, error: "FTL Could not connect: \(reason)\n")
        : CommandLineAnswer(exitStatus: 255)
    case .v0_29, .v0_29_3, .v0_30:
      .failure(
        "connecting to headscale: connecting to \(socket): \(reason)", as: format)
    }
  }
}
