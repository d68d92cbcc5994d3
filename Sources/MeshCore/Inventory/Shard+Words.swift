/// How a shard is written: `0/4`, or `/4` where an Indexed Job of Kubernetes says which one.
extension Shard {
  /// What is wrong with the words of `--shard`: one sentence, its outside text escaped.
  package struct Misuse: Error, Sendable, Equatable {
    package var words: String
  }

  /// Kubernetes sets it in every pod of an Indexed Job, counted from 0.
  package static let indexVariable = "JOB_COMPLETION_INDEX"

  /// `I/N` exactly as `text` writes it; nil for everything else.
  package init?(text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let index = Shard.number(parts[0]), let count = Shard.number(parts[1])
    else { return nil }
    self.init(index: index, count: count)
  }

  /// The shard that the value of `--shard` names.
  ///
  /// - Parameters:
  ///   - argument: `I/N`, or `/N` for the index from `JOB_COMPLETION_INDEX`.
  ///   - environment: all variables of the process; looked at for `/N` only.
  /// - Throws: `Misuse` for everything that names no shard.
  package init(argument: String, environment: [String: String]) throws(Misuse) {
    let given = "--shard \(VisibleText.escaped(argument, limit: 40))"
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, Shard.isNumber(parts[1]), parts[0].isEmpty || Shard.isNumber(parts[0])
    else {
      throw Misuse(
        words: "\(given): write I/N, like 0/4 for the first of four parts, or /4 where"
          + " \(Shard.indexVariable) says which one.")
    }
    guard let count = Shard.number(parts[1]), count <= Shard.maxCount else {
      throw Misuse(words: "\(given): at most \(Shard.maxCount) parts.")
    }
    guard count > 0 else { throw Misuse(words: "\(given): there has to be at least one part.") }
    let index =
      parts[0].isEmpty
      ? try Shard.index(from: environment, given)
      : (number: Shard.number(parts[0]), what: given)
    guard let number = index.number, let shard = Shard(index: number, count: count) else {
      throw Misuse(
        words: "\(index.what): parts count from 0, so the last of \(count) is \(count - 1).")
    }
    self = shard
  }

  private static func index(
    from environment: [String: String], _ given: String
  ) throws(Misuse) -> (number: Int?, what: String) {
    guard let value = environment[indexVariable], !value.isEmpty else {
      throw Misuse(
        words: "\(given) takes its number from \(indexVariable), which is not set; Kubernetes sets"
          + " it in Indexed Jobs, elsewhere write I/N.")
    }
    let shown = "\(indexVariable) is \(VisibleText.escaped(value, limit: 40))"
    guard isNumber(value[...]) else {
      throw Misuse(words: "\(given): \(shown), which is no number.")
    }
    return (number(value[...]), "\(given): \(shown)")
  }

  private static func isNumber(_ text: Substring) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (48...57).contains($0) }
  }

  /// Nil for what is no number, or too large for any shard.
  private static func number(_ text: Substring) -> Int? {
    isNumber(text) && text.utf8.count <= 9 ? Int(text) : nil
  }
}
