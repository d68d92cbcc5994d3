/// The output formats of a plan; markdown and HTML come with a later version.
package enum OutputFormat: String, Sendable, CaseIterable {
  case text, json
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
  package static func plan(_ plan: Plan, as format: OutputFormat, style: TextStyle) -> String {
    switch format {
    case .text: PlanText(plan, style: style).rendered
    case .json: PlanDocument.json(plan)
    }
  }
}
