import MeshCore
import Subprocess

/// The `headscale` command on this machine, or whatever the inventory puts in front of it.
struct LocalHeadscale: HeadscaleRunner {
  /// Program and first arguments: `sudo headscale`.
  var words: [String]
  /// Handed on, since sudo, docker and headscale itself (`HEADSCALE_CONFIG`, …) are configured by it.
  var environment: [String: String]
  /// Seconds for one command; Headscale's own limit is 5 s.
  var timeout: Double = 30
  /// This machine's clock, which is the server's where `sharesClock`.
  private let clock = ServerClock()

  init(words: [String], environment: [String: String], timeout: Double = 30) {
    self.words = words
    // Errors of sudo are told apart by their words.
    self.environment = environment.merging(["LC_ALL": "C", "LANG": "C"]) { $1 }
    self.timeout = timeout
  }

  var name: String { words.joined(separator: " ") }

  func run(_ arguments: [String], outputLimit: Int) async throws -> HeadscaleAnswer {
    let program = words.first ?? "headscale"
    let child = ChildProcess(
      executable: program, arguments: words.dropFirst() + arguments, environment: environment,
      timeout: timeout, outputLimit: outputLimit)
    let ending: ChildProcess.Ending
    do { ending = try await child.run() } catch let error as SubprocessError {
      throw APIProblem(
        .neverSent,
        Failure(
          .apiCommand, "\(program) cannot be started",
          detail: "server.api.command reaches Headscale with it.", evidence: "\(error)",
          hint: "is it installed here? command -v \(ShellQuoting.quoted(program))"))
    }
    if ending.timedOut {
      throw APIProblem(
        .unclear,
        Failure(
          .apiTimeout, "`\(name)` did not end within \(Int(timeout)) s",
          detail: "It was stopped; what it was doing may have been done.",
          evidence: CLIWords.evidence(ending.error),
          hint: "try it by hand: \(name) nodes list"))
    }
    return HeadscaleAnswer(
      status: ending.status, output: ending.output, error: ending.error,
      outputWasCut: ending.outputWasCut, serverTime: sharesClock ? now() : nil)
  }

  /// Whether the server runs on this machine, as far as the words tell.
  ///
  /// `headscale` speaks to the socket here unless HEADSCALE_CLI_ADDRESS names another server; what
  /// stands in front of it (kubectl, ssh, docker with a context) may run it anywhere.
  private var sharesClock: Bool {
    LocalWords.isLocal(words) && environment["HEADSCALE_CLI_ADDRESS", default: ""].isEmpty
  }

  func now() -> Timestamp { clock.now() }

  func close() async {}
}
