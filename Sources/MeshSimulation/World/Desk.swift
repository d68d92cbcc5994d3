import MeshCore

/// The person in front of a simulated Windows machine.
struct Desk {
  var server: SimulatedHeadscale
  var random: SeededGenerator
  let serverURLs: Set<String>
  let now: Timestamp

  /// A world's file keeps no secret, so the key that waits on the host gets a new one that only that
  /// host knows.
  mutating func runWaitingScript(on host: SimulatedHost) -> SimulatedHost {
    guard let waiting = host.handOver else { return host }
    var host = host
    var run = ScriptRun(
      RemoteCall(.join, elevated: true, timeout: 60),
      authKey: Int(waiting.keyID).flatMap { server.renewSecret(ofKey: $0) }, isRoot: true,
      server: server, random: random, serverURLs: serverURLs, now: now)
    run.os = .windows
    host.finishJoin(&run)
    (server, random) = (run.server, run.random)
    return host
  }
}
