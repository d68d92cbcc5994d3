/// A word that nobody can guess, of letters and digits.
func randomWord() -> String {
  var generator = SystemRandomNumberGenerator()
  return (0..<2).map { _ in
    let digits = String(generator.next() as UInt64, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }.joined()
}

/// Runs clean-up to its end although the task that needs it was cancelled; a cancelled task cannot
/// start a child process that lives.
func uncancelled(_ body: @escaping @Sendable () async -> Void) async {
  await Task.detached { await body() }.value
}
