import Foundation
import Testing

/// `Cases/plan/INDEX.md` says which case shows what, and misses none.
@Suite struct PlanCaseIndexTests {
  @Test func everyCaseIsListedAndEveryListedOneIsThere() throws {
    let file = PlanCase.root.appendingPathComponent("INDEX.md")
    let text = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    var listed: Set<String> = []
    for row in text.split(separator: "\n") where row.hasPrefix("|") {
      // The second column; the first names issues by their numbers.
      guard let cases = row.split(separator: "|").last else { continue }
      let words = cases.split(separator: " ").map(String.init)
      listed.formUnion(words.filter { $0.count == 3 && $0.allSatisfy(\.isNumber) })
    }
    let numbers = PlanCase.names.map { String($0.prefix(3)) }
    #expect(listed.subtracting(numbers).isEmpty, "listed, and there is no such case")
    #expect(Set(numbers).subtracting(listed).isEmpty, "not listed")
    #expect(Set(numbers).count == numbers.count, "a number is used twice")
  }
}
