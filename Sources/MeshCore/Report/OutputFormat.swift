/// The output formats of a plan.
package enum OutputFormat: String, Sendable, CaseIterable {
  case text, json, markdown, html
}

/// How text is laid out.
package struct TextStyle: Sendable, Equatable {
  /// ANSI colours.
  package var color: Bool
  /// Columns to fill; nil where the output is no terminal (lines are then never wrapped).
  package var width: Int?
  package var verbose: Bool

  package init(color: Bool = false, width: Int? = nil, verbose: Bool = false) {
    self.color = color
    self.width = width
    self.verbose = verbose
  }
}

/// Renders values for people and scripts; the one place where formats are told apart.
package enum Report {
  /// Renders a plan.
  ///
  /// - Parameters:
  ///   - plan: raw; everything from outside in it is escaped here, for its format.
  ///   - format: how.
  ///   - style: for text only.
  ///   - hash: of `PlanFingerprint`, shown by markdown and HTML.
  /// - Returns: The text; JSON comes without a final line feed, the others with one.
  package static func plan(
    _ plan: Plan, as format: OutputFormat, style: TextStyle, hash: String? = nil
  ) -> String {
    switch format {
    case .text: PlanText(plan, style: style).rendered
    case .json: PlanDocument.json(plan)
    case .markdown: PlanMarkdown(plan, hash: hash).rendered
    case .html: PlanPage(plan, hash: hash).rendered
    }
  }
}
