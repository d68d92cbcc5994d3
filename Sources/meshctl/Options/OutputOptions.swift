import ArgumentParser
import MeshAdapters
import MeshCore

extension OutputFormat: ExpressibleByArgument {}
extension Console.ColorChoice: ExpressibleByArgument {}

/// How a plan is shown.
struct OutputOptions: ParsableArguments {
  @Option(help: "The output format.")
  var format: OutputFormat = .text

  @OptionGroup var style: StyleOptions
}

/// How results are shown that have no document form.
struct PlainOutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json }

  @Option(help: "The output format.")
  var format: Format = .text

  @OptionGroup var style: StyleOptions
}

/// How text is shown.
struct StyleOptions: ParsableArguments {
  @Option(help: "Colours; `auto` means on a terminal without NO_COLOR.")
  var color: Console.ColorChoice = .auto

  @Option(help: "Standard error as text, or as one JSON object a line.")
  var logFormat: LogFormat = .text

  @Flag(name: [.short, .long], help: "Say more.")
  var verbose = false
}
