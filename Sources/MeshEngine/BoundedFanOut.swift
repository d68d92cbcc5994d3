/// Runs one operation per element with at most `width` at a time; results keep the input's order.
package enum BoundedFanOut {
  /// Nothing is started any more once the task is cancelled.
  ///
  /// - Throws: the first error of an operation, or `CancellationError`, after the others were
  ///   cancelled and have ended.
  package static func run<Element: Sendable, Result: Sendable>(
    _ elements: [Element], width: Int,
    operation: @escaping @Sendable (Element) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results = [Result?](repeating: nil, count: elements.count)
      var next = 0
      func startOne() throws {
        guard next < elements.count else { return }
        try Task.checkCancellation()
        let index = next
        let element = elements[index]
        next += 1
        group.addTask { (index, try await operation(element)) }
      }
      for _ in 0..<min(elements.count, max(1, width)) { try startOne() }
      while let (index, result) = try await group.next() {
        results[index] = result
        try startOne()
      }
      return results.compactMap(\.self)
    }
  }
}
