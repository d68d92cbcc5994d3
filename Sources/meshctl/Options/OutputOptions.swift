import ArgumentParser
import MeshAdapters
import MeshCore

extension OutputFormat: ExpressibleByArgument {}
extension Console.ColorChoice: ExpressibleByArgument {}

/// How results are shown.
struct OutputOptions: ParsableArguments {
  @Option(help: "The output format.")
  var format: OutputFormat = .text

  @OptionGroup var style: StyleOptions
}

/// How text is shown.
struct StyleOptions: ParsableArguments {
  @Option(help: "Colours; `auto` means on a terminal without NO_COLOR.")
  var color: Console.ColorChoice = .auto

  @Flag(name: [.short, .long], help: "Say more.")
  var verbose = false
}
