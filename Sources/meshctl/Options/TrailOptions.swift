import ArgumentParser
import MeshCore

extension LogFormat: ExpressibleByArgument {}

/// What a run leaves for monitoring and for people who did not watch.
struct TrailOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Replace this file with metrics of the run for Prometheus (textfile collector), also after a "
        + "failure; not where the inventory cannot be read or another run holds the lock.",
      valueName: "file"), completion: .file())
  var metricsFile: String?

  @Option(
    help: ArgumentHelp(
      "A command for /bin/sh that gets the summary as JSON on standard input, after a change and "
        + "where something is wrong in a new way, or all is well again.", valueName: "command"))
  var notify: String?

  func validate() throws {
    if let metricsFile, metricsFile.isEmpty || metricsFile.hasSuffix("/") {
      throw ValidationError("--metrics-file needs the name of a file.")
    }
    if let notify, notify.allSatisfy(\.isWhitespace) {
      throw ValidationError("--notify needs a command.")
    }
  }
}
