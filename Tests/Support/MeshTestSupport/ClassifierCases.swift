package import Foundation
package import MeshCore
package import Testing
import YAMLReader

/// One row of a `*.tsv` of classifier cases: what a program said, and what that leads to.
///
/// Five columns, a tab between them: exit status, code (`-` where the words are not known), `retry`
/// or `stays` (whether the next run may pass by itself), a part of the next command, and the words,
/// with `\n`, `\t` and `\\`. Lines that begin with `#` say where the rows below are from.
package struct ClassifierCase: Sendable, CustomTestStringConvertible {
  package var file: String
  package var line: Int
  package var exit: Int
  package var code: String?
  package var retries: Bool
  package var next: String
  package var text: String

  package var testDescription: String { "\(file):\(line) \(text.prefix(60))" }

  /// Why a file of cases is none.
  package struct Unreadable: Error, CustomStringConvertible {
    package var description: String
  }

  /// The rows of every file of a folder, by name without the suffix.
  package static func read(_ folder: URL) throws -> [String: [ClassifierCase]] {
    var cases: [String: [ClassifierCase]] = [:]
    let files = try FileManager.default.contentsOfDirectory(
      at: folder, includingPropertiesForKeys: nil)
    for file in files where file.pathExtension == "tsv" {
      cases[file.deletingPathExtension().lastPathComponent] = try rows(
        String(decoding: try Data(contentsOf: file), as: UTF8.self), file.lastPathComponent)
    }
    return cases
  }

  private static func rows(_ text: String, _ file: String) throws -> [ClassifierCase] {
    try text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
      index, line in
      guard !line.isEmpty, !line.hasPrefix("#") else { return nil }
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == 5, let exit = Int(cells[0]), ["retry", "stays"].contains(cells[2]) else {
        throw Unreadable(
          description: "\(file):\(index + 1): not exit, code, retry|stays, next, words")
      }
      return ClassifierCase(
        file: file, line: index + 1, exit: exit, code: cells[1] == "-" ? nil : cells[1],
        retries: cells[2] == "retry", next: cells[3], text: unescaped(cells[4]))
    }
  }

  private static func unescaped(_ text: String) -> String {
    var result = ""
    var isEscape = false
    for character in text {
      switch (isEscape, character) {
      case (false, "\\"): isEscape = true
      case (true, "n"): result += "\n"
      case (true, "t"): result += "\t"
      case (true, _): result.append(character)
      case (false, _): result.append(character)
      }
      if isEscape, character != "\\" || result.hasSuffix("\\") { isEscape = false }
    }
    return result
  }

  /// Compares a finding with the row, and the row with the table of causes.
  package func expect(
    _ finding: Diagnostic?, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(
      finding?.code.rawValue == code, "\(testDescription)", sourceLocation: sourceLocation)
    guard let code, let finding else { return }
    let cause = Cause.of(DiagnosticCode(rawValue: code))
    #expect(
      cause?.passes == retries, "\(testDescription): retry or not", sourceLocation: sourceLocation)
    #expect(
      finding.hint?.contains(next) == true,
      "\(testDescription): next is \(finding.hint ?? "nothing")", sourceLocation: sourceLocation)
    let said = [finding.message, finding.detail ?? "", finding.hint ?? ""].joined(separator: " ")
    #expect(
      !said.contains("HOST"), "\(testDescription): \(said)", sourceLocation: sourceLocation)
    #expect(finding.host == ClassifierCase.host.key, sourceLocation: sourceLocation)
    if !text.isEmpty {
      #expect(
        finding.evidence.map { text.contains($0.hasSuffix("…") ? $0.dropLast() : $0[...]) } == true,
        "\(testDescription): evidence \(finding.evidence ?? "none")",
        sourceLocation: sourceLocation)
    }
  }

  /// The host that all rows are about.
  package static let host = Host(key: "web1", mark: SourceMark(line: 1, column: 1))
}
