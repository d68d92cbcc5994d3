import MeshCore
import MeshSimulation

/// A command line that was read and is to be run.
struct CommandRun {
  /// A command line that cannot be run, with what is printed.
  struct Misuse: Error { var answer: CommandLineAnswer }

  /// When a key is to end, or why that could not be read.
  enum End {
    case time(Timestamp)
    case misused(CommandLineAnswer)
  }

  let rules: any ModeRules
  var flags: CommandFlags
  let command: HeadscaleCommand
  /// What the command is doing right now.
  var purpose: String

  init(_ arguments: [String], _ rules: any ModeRules) throws(Misuse) {
    var flags = CommandFlags()
    let found: HeadscaleCommand
    do throws(CommandFlags.Problem) {
      found = try CommandRun.read(arguments, &flags, rules)
    } catch {
      throw Misuse(
        answer: CommandRun.misused(error.message, rules: rules, format: flags["output"] ?? ""))
    }
    self.rules = rules
    self.flags = flags
    command = found
    purpose = found.purpose
  }

  /// Words come first; only flags that every command knows may stand before them.
  private static func read(
    _ arguments: [String], _ flags: inout CommandFlags, _ rules: any ModeRules
  ) throws(CommandFlags.Problem) -> HeadscaleCommand {
    // `version` in the first place is looked at before any flag is known to the program.
    if arguments.first == "version" {
      guard let version = HeadscaleCommand.find(["version"], rules)?.command else {
        throw CommandFlags.Problem(message: "unknown command \"version\" for \"headscale\"")
      }
      try flags.read(
        Array(arguments.dropFirst()),
        rules.hasVersionPage ? [CommandFlags.Flag("output", "o", .text)] : [])
      return version
    }
    let start = leadingFlags(arguments)
    try flags.read(Array(arguments[..<start]), HeadscaleCommand.persistent)
    let words = Array(arguments[start...])
    guard let (command, count) = HeadscaleCommand.find(words, rules) else {
      let name = words.first ?? ""
      throw CommandFlags.Problem(message: "unknown command \"\(name)\" for \"headscale\"")
    }
    let known = command.flags + HeadscaleCommand.persistent
    try flags.read(Array(words.dropFirst(count)), known)
    try flags.require(known)
    return command
  }

  private static func leadingFlags(_ arguments: [String]) -> Int {
    var index = 0
    while index < arguments.count, arguments[index].hasPrefix("-") {
      let takesNext = ["-c", "--config", "-o", "--output"].contains(arguments[index])
      index += takesNext ? 2 : 1
    }
    return min(index, arguments.count)
  }

  var json: CommandLineJSON { CommandLineJSON(rules) }
  var format: String { flags["output"] ?? "" }

  func result(_ value: JSONValue, _ text: String? = nil) -> CommandLineAnswer {
    .result(value, text: text ?? value.text ?? value.indented(by: "\t"), as: format)
  }

  func list(_ values: [JSONValue]) -> CommandLineAnswer { result(json.list(values)) }

  /// A command line that does not fit.
  func misused(_ message: String) -> CommandLineAnswer {
    CommandRun.misused(message, rules: rules, format: format)
  }

  private static func misused(
    _ message: String, rules: any ModeRules, format: String
  ) -> CommandLineAnswer {
    // Up to 0.28 cobra prints the usage and the message, whatever the format.
    guard rules.supportsPolicyCheck else {
      return CommandLineAnswer(
        exitStatus: 1,
        error: "Error: \(message)\nUsage:\n  headscale [command] [flags]\n\n\(message)\n")
    }
    return .failure(message, as: format)
  }

  /// A refusal of the server in the words of the version's program.
  func refused(_ error: SimulatedServerError) -> CommandLineAnswer {
    let rpc = "rpc error: code = \(CommandRun.codeName(error.grpcCode)) desc = \(error.message)"
    if rules.generation == .problems {
      return .failure("unexpected response status: \(error.text)", as: format)
    }
    guard rules.supportsPolicyCheck else {
      return .failure(rpc, text: command.oldWords + error.message, as: format)
    }
    return .failure("\(purpose): \(rpc)", as: format)
  }

  private static func codeName(_ code: Int) -> String {
    switch code {
    case 3: "InvalidArgument"
    case 5: "NotFound"
    case 12: "Unimplemented"
    case 13: "Internal"
    default: "Unknown"
    }
  }

  /// The end that `--expiration` means.
  func end(default standard: String, from now: Timestamp) -> End {
    let text = flags["expiration"] ?? standard
    guard let milliseconds = CommandRun.milliseconds(text) else {
      let reason =
        text.isEmpty ? "empty duration string" : "not a valid duration string: \"\(text)\""
      return .misused(
        rules.supportsPolicyCheck
          ? misused("parsing duration: \(reason)")
          : .failure(reason, text: "Could not parse duration: \(reason)\n", as: format))
    }
    let nanoseconds = Int64(now.nanoseconds) + milliseconds % 1000 * 1_000_000
    return .time(
      Timestamp(
        seconds: now.seconds + milliseconds / 1000 + nanoseconds / 1_000_000_000,
        nanoseconds: Int32(nanoseconds % 1_000_000_000)))
  }

  /// A duration as Prometheus writes them (`1h30m`, `90d`), each unit at most once and in order.
  private static func milliseconds(_ text: String) -> Int64? {
    let units: [(String, Int64)] = [
      ("y", 31_536_000_000), ("w", 604_800_000), ("d", 86_400_000), ("h", 3_600_000),
      ("m", 60_000), ("s", 1000), ("ms", 1),
    ]
    if text == "0" { return 0 }
    var rest = text[...]
    var next = 0
    var total: Int64 = 0
    while !rest.isEmpty {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      let unit = rest.prefix { $0.isASCII && $0.isLetter }
      rest = rest.dropFirst(unit.count)
      guard let number = Int64(digits), number < 1_000_000,
        let index = units.indices.first(where: { $0 >= next && units[$0].0 == unit })
      else { return nil }
      total += number * units[index].1
      next = index + 1
    }
    return text.isEmpty ? nil : total
  }
}
