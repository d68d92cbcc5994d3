import ArgumentParser
import MeshAdapters
import MeshCore

/// Says what a code means; opens no connection and reads no file.
struct ExplainCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a code such as MESH-SERVER-RESOLVE: why, what to look at, what to do next.",
    discussion:
      "Without a code it lists all of them, and so does MESH-. Case does not count, MESH- may be "
      + "left out, and the beginning of codes lists those.")

  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, markdown }

  @Argument(help: "A code, or how codes begin.", completion: .codes)
  var code: String?

  @Option(help: "The output format.")
  var format: Format = .text

  @OptionGroup var style: StyleOptions

  func validate() throws {
    guard let code, case .unknown(let nearest) = CauseLookup(code) else { return }
    let last = nearest.last.map { $0 + "?" } ?? ""
    let others = nearest.dropLast().joined(separator: ", ")
    throw ValidationError(
      "There is no code \(VisibleText.escaped(code, limit: 80))"
        + (nearest.isEmpty
          ? "." : "; did you mean " + (others.isEmpty ? last : others + " or " + last))
        + " `meshctl explain` lists all.")
  }

  func run() async throws {
    let found = causes
    let app = App(style)
    try await app.run {
      try app.console.write(text(found, style: app.console.outputStyle))
      return .done
    }
  }

  /// The rows that are meant; nil for all.
  private var causes: [Cause]? {
    guard let code else { return nil }
    switch CauseLookup(code) {
    case .found(let cause): return [cause]
    case .several(let causes): return causes == Cause.all ? nil : causes
    case .unknown: return []
    }
  }

  private func text(_ causes: [Cause]?, style: TextStyle) -> String {
    switch format {
    case .json: return CauseDocument.json(causes ?? Cause.all)
    case .markdown:
      return causes.map { $0.map(CauseDocument.section).joined(separator: "\n") }
        ?? CauseDocument.markdown
    case .text:
      guard let causes else { return CauseText.list(style: style) }
      guard causes.count == 1, let cause = causes.first else {
        return CauseText.list(causes, style: style)
      }
      return CauseText.of(cause, style: style)
    }
  }
}
