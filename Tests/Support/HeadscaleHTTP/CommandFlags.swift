/// Flags and words of a command line, read as cobra reads them.
struct CommandFlags {
  enum Kind { case text, switched, number, list }

  struct Flag {
    var name: String
    var short: Character?
    var kind: Kind
    var isRequired = false

    init(_ name: String, _ short: Character?, _ kind: Kind, isRequired: Bool = false) {
      self.name = name
      self.short = short
      self.kind = kind
      self.isRequired = isRequired
    }

    /// How messages name it, such as `-i, --identifier`.
    var label: String { short.map { "-\($0), --\(name)" } ?? "--\(name)" }
  }

  struct Problem: Error { var message: String }

  private(set) var words: [String] = []
  private var values: [String: [String]] = [:]

  /// Reads `arguments`; what comes before a problem has been taken in.
  mutating func read(_ arguments: [String], _ known: [Flag]) throws(Problem) {
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        words += rest
        break
      }
      guard argument.hasPrefix("-"), argument.count > 1 else {
        words.append(argument)
        continue
      }
      let (flag, attached) = try find(argument, known)
      switch (flag.kind, attached) {
      case (.switched, let value): try set(flag, value ?? "true")
      case (_, let value?): try set(flag, value)
      case (_, nil):
        guard let next = rest.popFirst() else {
          throw Problem(
            message: argument.hasPrefix("--")
              ? "flag needs an argument: \(argument)"
              : "flag needs an argument: '\(argument.dropFirst())' in \(argument)")
        }
        try set(flag, next)
      }
    }
  }

  private func find(
    _ argument: String, _ known: [Flag]
  ) throws(Problem) -> (flag: Flag, value: String?) {
    if argument.hasPrefix("--") {
      let parts = argument.dropFirst(2).split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      let name = parts.first.map(String.init) ?? ""
      guard let flag = known.first(where: { $0.name == name }) else {
        throw Problem(message: "unknown flag: --\(name)")
      }
      return (flag, parts.count == 2 ? String(parts[1]) : nil)
    }
    let letters = argument.dropFirst()
    guard let letter = letters.first, let flag = known.first(where: { $0.short == letter }) else {
      throw Problem(
        message: "unknown shorthand flag: '\(letters.first.map(String.init) ?? "")' in \(argument)")
    }
    let value = letters.dropFirst()
    guard !value.isEmpty else { return (flag, nil) }
    return (flag, String(value.first == "=" ? value.dropFirst() : value))
  }

  private mutating func set(_ flag: Flag, _ value: String) throws(Problem) {
    func invalid(_ reason: String) -> Problem {
      Problem(message: "invalid argument \"\(value)\" for \"\(flag.label)\" flag: \(reason)")
    }
    switch flag.kind {
    case .text: values[flag.name] = [value]
    case .switched:
      guard ["true", "false", "1", "0", "t", "f"].contains(value) else {
        throw invalid("strconv.ParseBool: parsing \"\(value)\": invalid syntax")
      }
      values[flag.name] = [["true", "1", "t"].contains(value) ? "true" : "false"]
    case .number:
      guard UInt64(value) != nil else { throw invalid(IDText.parsingProblem(value)) }
      values[flag.name] = [value]
    case .list:
      let added = value.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      values[flag.name, default: []] += value.isEmpty ? [] : added
    }
  }

  /// Refuses a command line that lacks what the command needs.
  func require(_ known: [Flag]) throws(Problem) {
    let missing = known.filter { $0.isRequired && values[$0.name] == nil }.map { "\"\($0.name)\"" }
    guard missing.isEmpty else {
      throw Problem(message: "required flag(s) \(missing.joined(separator: ", ")) not set")
    }
  }

  subscript(name: String) -> String? { values[name]?.first }
  func list(_ name: String) -> [String] { values[name] ?? [] }
  func isOn(_ name: String) -> Bool { values[name] == ["true"] }
  func number(_ name: String) -> Int { values[name]?.first.flatMap { Int($0) } ?? 0 }
  mutating func takeWord() -> String? { words.isEmpty ? nil : words.removeFirst() }
}
