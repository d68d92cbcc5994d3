import MeshCore

/// Where the `headscale` command is run: on this machine or behind SSH.
protocol HeadscaleRunner: Sendable {
  /// The command as a person would type it: `sudo headscale`, `ssh root@mesh headscale`.
  var name: String { get }
  /// Runs it once, to its end.
  ///
  /// - Parameters:
  ///   - arguments: without the program; none of them is a secret.
  ///   - outputLimit: bytes of standard output; more is read and dropped.
  /// - Returns: what it answered, whatever its exit status.
  /// - Throws: `APIProblem` where it was not run to its end; `CancellationError`.
  func run(_ arguments: [String], outputLimit: Int) async throws -> HeadscaleAnswer
  /// The server's clock, as far as it is known.
  func now() -> Timestamp
  func close() async
}

/// What the command answered.
struct HeadscaleAnswer: Sendable {
  var status: Int32
  var output: String
  var error: String
  var outputWasCut = false
  /// Nil where the clock of the server is not known.
  var serverTime: Timestamp?
}
