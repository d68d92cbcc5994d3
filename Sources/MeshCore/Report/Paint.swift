/// ANSI colours, or none.
package struct Paint: Sendable {
  package var isOn: Bool

  package init(isOn: Bool) { self.isOn = isOn }

  func action(_ action: Action?, _ text: String) -> String {
    switch action {
    case .join: wrap("32", text)
    case .change, .replace: wrap("33", text)
    case .remove, .blocked: wrap("31", text)
    case .wait: wrap("35", text)
    case .some(.none), nil: text
    }
  }

  package func simulation(_ text: String) -> String { wrap("1;36", text) }
  package func good(_ text: String) -> String { wrap("32", text) }
  package func bad(_ text: String) -> String { wrap("31", text) }
  package func warning(_ text: String) -> String { wrap("33", text) }
  package func dim(_ text: String) -> String { wrap("2", text) }

  func strong(_ text: String) -> String { wrap("1", text) }

  func severity(_ text: String, _ severity: Severity) -> String {
    switch severity {
    case .error: wrap("1;31", text)
    case .warning: wrap("1;33", text)
    case .note: wrap("1;36", text)
    }
  }

  private func wrap(_ code: String, _ text: String) -> String {
    isOn ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
