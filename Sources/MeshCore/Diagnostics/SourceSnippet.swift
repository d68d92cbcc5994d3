import YAMLReader

/// One line of a file with a caret under what a finding is about.
struct SourceSnippet {
  /// How many columns of a line are shown.
  static let width = 100

  /// The line, made safe for a terminal and cut around the caret.
  let line: String
  /// Blanks up to the caret, then the caret.
  let caret: String

  /// One scalar of the line as it is shown.
  private struct Cell {
    var text: String
    var width: Int
  }

  /// - Parameters:
  ///   - scalars: The line of the file.
  ///   - column: Where the finding begins, from 1.
  ///   - length: How long it is, in scalars.
  ///   - hidden: Columns (from 0) that must not be shown, because a secret stands there.
  init(scalars: [Unicode.Scalar], column: Int, length: Int, hidden: [Range<Int>]) {
    var cells: [Cell] = []
    var shown = 0
    for (index, scalar) in scalars.enumerated() {
      let cell: Cell
      if hidden.contains(where: { $0.contains(index) }) {
        let isFirst = index == 0 || !hidden.contains { $0.contains(index - 1) }
        cell = isFirst ? Cell(text: "(secret)", width: 8) : Cell(text: "", width: 0)
      } else {
        cell = SourceSnippet.cell(scalar, at: shown)
      }
      shown += cell.width
      cells.append(cell)
    }
    let start = min(max(0, column - 1), cells.count)
    let end = min(max(start + 1, start + length), max(cells.count, start + 1))
    let window = SourceSnippet.window(cells, start: start, end: end)
    let isCutLeft = window.lowerBound > 0
    let isCutRight = window.upperBound < cells.count
    let visible = cells[window].map(\.text).joined()
    line = SourceSnippet.trimmed((isCutLeft ? "…" : "") + visible + (isCutRight ? "…" : ""))
    let before =
      (isCutLeft ? 1 : 0)
      + cells[window.lowerBound..<max(window.lowerBound, min(start, window.upperBound))]
      .reduce(0) { $0 + $1.width }
    let inside = max(start, window.lowerBound)..<max(start, min(end, window.upperBound))
    let under = max(1, cells[inside.clamped(to: 0..<cells.count)].reduce(0) { $0 + $1.width })
    caret =
      String(repeating: " ", count: before) + String(repeating: "^", count: under)
  }

  /// The part of the line that fits, with the caret in it.
  private static func window(_ cells: [Cell], start: Int, end: Int) -> Range<Int> {
    let total = cells.reduce(0) { $0 + $1.width }
    guard total > width else { return 0..<cells.count }
    // Two columns are for the dots at both ends; a third of the line stands before the caret.
    var left = start
    var used = 0
    while left > 0, used + cells[left - 1].width <= width / 3 {
      left -= 1
      used += cells[left].width
    }
    var right = min(start, cells.count)
    while right < cells.count, used + cells[right].width <= width - 2 {
      used += cells[right].width
      right += 1
    }
    while left > 0, used + cells[left - 1].width <= width - 2 {
      left -= 1
      used += cells[left].width
    }
    return left..<max(left, right)
  }

  private static func cell(_ scalar: Unicode.Scalar, at column: Int) -> Cell {
    if scalar == "\t" {
      let width = 4 - column % 4
      return Cell(text: String(repeating: " ", count: width), width: width)
    }
    if VisibleText.isHidden(scalar) {
      let text = VisibleText.escaped(scalar)
      return Cell(text: text, width: text.utf8.count)
    }
    return Cell(text: String(Character(scalar)), width: displayWidth(scalar))
  }

  private static func trimmed(_ text: String) -> String {
    var text = text
    while text.last == " " { text.removeLast() }
    return text
  }

  /// How many columns a terminal gives a scalar: none to combining marks, two to wide ones.
  static func displayWidth(_ scalar: Unicode.Scalar) -> Int {
    guard scalar.value >= 0x300 else { return 1 }
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    switch scalar.value {
    case 0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x2E80...0x303E,
      0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF, 0xA960...0xA97F,
      0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
      0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF,
      0x20000...0x3FFFD:
      return 2
    default: return scalar.properties.isEmojiPresentation ? 2 : 1
    }
  }
}
