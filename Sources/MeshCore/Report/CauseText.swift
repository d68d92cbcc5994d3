/// The table of causes for people: `meshctl explain`.
package enum CauseText {
  /// One code in full.
  package static func of(_ cause: Cause, style: TextStyle) -> String {
    let paint = Paint(isOn: style.color)
    var lines = [paint.strong(cause.code.rawValue), "  " + cause.title, ""]
    func part(_ head: String, _ text: String) {
      lines += TextFlow.wrap(text, room: room(style)).enumerated().map {
        ($0.offset == 0 ? head.padded(to: headWidth) : blank) + $0.element
      }
    }
    part("Why", cause.meaning)
    part("Look at", cause.evidence)
    part("Waiting", cause.patience)
    for (index, line) in cause.next.enumerated() { part(index == 0 ? "Next" : "", line) }
    if cause.source != "meshctl" { part("Known from", cause.source) }
    return lines.map(TextFlow.trimmed).joined(separator: "\n") + "\n"
  }

  /// Every area, one line a code.
  package static func list(style: TextStyle) -> String {
    let paint = Paint(isOn: style.color)
    let areas = Cause.areas.map { area in
      ([paint.strong(area.title)] + rows(area.rows, style)).joined(separator: "\n") + "\n"
    }
    return areas.joined(separator: "\n") + "\nmeshctl explain CODE says more of one.\n"
  }

  /// Some codes, one line each.
  package static func list(_ causes: [Cause], style: TextStyle) -> String {
    rows(causes, style).joined(separator: "\n") + "\n"
  }

  private static func rows(_ causes: [Cause], _ style: TextStyle) -> [String] {
    let width = causes.map(\.code.rawValue.count).max() ?? 0
    return causes.flatMap { cause in
      TextFlow.flow(
        head: "  " + cause.code.rawValue.padded(to: width + 2), parts: [cause.title],
        width: style.width)
    }
  }

  private static let headWidth = 14
  private static let blank = String(repeating: " ", count: headWidth)

  private static func room(_ style: TextStyle) -> Int {
    max(40, min(style.width ?? 100, 100) - headWidth)
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}
