/// Runs one operation per element with at most `width` at a time; results keep the input's order.
package enum BoundedFanOut {
  /// - Throws: the first error of an operation, after the others were cancelled and have ended.
  package static func run<Element: Sendable, Result: Sendable>(
    _ elements: [Element], width: Int,
    operation: @escaping @Sendable (Element) async throws -> Result
  ) async throws -> [Result] {
    try await withThrowingTaskGroup(of: (Int, Result).self) { group in
      var results = [Result?](repeating: nil, count: elements.count)
      var next = 0
      func startOne() {
        guard next < elements.count else { return }
        let index = next
        let element = elements[index]
        next += 1
        group.addTask { (index, try await operation(element)) }
      }
      for _ in 0..<max(1, width) { startOne() }
      while let (index, result) = try await group.next() {
        results[index] = result
        startOne()
      }
      return results.compactMap(\.self)
    }
  }
}
