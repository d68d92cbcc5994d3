/// The table of causes as documents: JSON for scripts, markdown for docs/codes.md.
package enum CauseDocument {
  private struct Document: Encodable {
    var formatVersion = "1.0"
    var codes: [Row]
  }

  private struct Row: Encodable {
    var code: String
    var area: String
    var title: String
    var meaning: String
    var evidence: String
    var passes: Bool
    var next: [String]
    var source: String
  }

  /// Some rows, or all; one form for both.
  package static func json(_ causes: [Cause] = Cause.all) -> String {
    let wanted = Set(causes.map(\.code))
    let rows = Cause.areas.flatMap { area in
      area.rows.filter { wanted.contains($0.code) }.map { cause in
        Row(
          code: cause.code.rawValue, area: area.title, title: cause.title, meaning: cause.meaning,
          evidence: cause.evidence, passes: cause.passes, next: cause.next, source: cause.source)
      }
    }
    return StableJSON.encode(Document(codes: rows)) + "\n"
  }

  /// The whole of docs/codes.md; the same bytes every time.
  package static var markdown: String {
    var parts = [intro]
    for area in Cause.areas {
      parts.append("## \(area.title)\n")
      parts += area.rows.map(section)
    }
    return parts.joined(separator: "\n")
  }

  /// One code.
  package static func section(_ cause: Cause) -> String {
    var lines = [
      "### `\(cause.code.rawValue)`", "", "**\(sentence(cause.title)).** \(cause.meaning)", "",
    ]
    lines.append("- Look at: \(cause.evidence)")
    lines.append("- \(cause.patience)")
    lines.append("- Next: " + cause.next.joined(separator: " · "))
    if cause.source != "meshctl" { lines.append("- Known from: \(cause.source)") }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func sentence(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  private static let intro = """
    # Codes

    Every finding of meshctl carries a code that never changes its meaning. This document is generated
    from the table in the sources (`Sources/MeshCore/Diagnostics/Causes`); `meshctl explain CODE` prints
    one row, `meshctl explain --format json` all of them. `HOST`, `FILE`, `URL` and the like stand for
    yours. A finding itself names the host, the place and the evidence.

    """
}
