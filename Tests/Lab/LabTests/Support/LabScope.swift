import Testing

/// Brings the lab up before the first test, and takes it down after the last one with a look at what stays.
struct LabScope: SuiteTrait, TestScoping {
  // Once for the outer suite, which holds all others.
  let isRecursive = false

  func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @concurrent () async throws -> Void
  ) async throws {
    let lab = try await Lab.up()
    do {
      try await Lab.$current.withValue(lab) { try await function() }
      try await SecretSearch(lab: lab).expectNothing()
    } catch {
      try await lab.down()
      throw error
    }
    try await lab.down()
    for leftover in try await lab.leftovers() {
      Issue.record("the lab left something behind: \(leftover)")
    }
  }
}

extension Trait where Self == LabScope {
  /// The suite needs a lab.
  static var lab: Self { LabScope() }
}
