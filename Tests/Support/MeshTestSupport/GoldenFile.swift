package import Foundation
package import Testing

/// A file of expected text beside the tests, compared whole and rewritten on request.
///
/// With `MESHCTL_UPDATE_GOLDENS=1` the file is written instead of compared, and nothing fails; never
/// set it in CI, where it would make every such test pass (with `CI` set it is refused).
package struct GoldenFile: Sendable {
  package let url: URL

  /// A file named relative to the folder of the calling test's source file.
  package init(_ relativePath: String, besides sourceFile: String = #filePath) {
    url = URL(fileURLWithPath: sourceFile).deletingLastPathComponent()
      .appendingPathComponent(relativePath)
  }

  package init(url: URL) { self.url = url }

  /// The content, or an issue where it cannot be read.
  package func read(sourceLocation: SourceLocation = #_sourceLocation) -> String? {
    do {
      return String(decoding: try Data(contentsOf: url), as: UTF8.self)
    } catch {
      Issue.record("cannot read \(url.path): \(error)", sourceLocation: sourceLocation)
      return nil
    }
  }

  /// Compares, and records an issue with the lines that differ.
  package func expect(_ actual: String, sourceLocation: SourceLocation = #_sourceLocation) {
    let environment = ProcessInfo.processInfo.environment
    if environment["MESHCTL_UPDATE_GOLDENS"] == "1" {
      guard environment["CI"] == nil else {
        Issue.record("goldens are never rewritten in CI", sourceLocation: sourceLocation)
        return
      }
      write(actual, sourceLocation)
      return
    }
    guard FileManager.default.fileExists(atPath: url.path) else {
      Issue.record(
        "\(url.path) is missing; MESHCTL_UPDATE_GOLDENS=1 writes it", sourceLocation: sourceLocation
      )
      return
    }
    guard let expected = read(sourceLocation: sourceLocation), expected != actual else { return }
    let lines = GoldenFile.difference(expected, actual)
    Issue.record(
      "\(url.lastPathComponent) differs (- expected, + actual):\n\(lines)",
      sourceLocation: sourceLocation)
  }

  private func write(_ text: String, _ sourceLocation: SourceLocation) {
    do {
      try FileManager.default.createDirectory(
        at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      Issue.record("cannot write \(url.path): \(error)", sourceLocation: sourceLocation)
    }
  }

  /// The differing lines, each with its number in its own text; at most forty.
  package static func difference(_ expected: String, _ actual: String) -> String {
    let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
    let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
    var lines: [(number: Int, text: String)] = []
    for change in new.difference(from: old) {
      switch change {
      case .remove(let offset, let line, _): lines.append((offset, "- \(offset + 1): \(line)"))
      case .insert(let offset, let line, _): lines.append((offset, "+ \(offset + 1): \(line)"))
      }
    }
    lines.sort { ($0.number, $1.text) < ($1.number, $0.text) }
    let shown = lines.prefix(40).map(\.text).joined(separator: "\n")
    return lines.count > 40 ? shown + "\n… and \(lines.count - 40) more" : shown
  }
}
