package import MeshCore
package import MeshEngine

/// The hosts of a world as the engine's port.
///
/// Answers go through the same parser as live ones; it is handed in, because it belongs to the target.
package struct SimulatedHosts: HostActing, HostReaching, HostExamining {
  package typealias ProbeParser = @Sendable (RemoteAnswer, Host) -> ProbeResult

  private let world: SimulatedWorld
  private let parser: ProbeParser
  private static let scriptSeconds = 0.5

  package init(_ world: SimulatedWorld, parser: @escaping ProbeParser) {
    self.world = world
    self.parser = parser
  }

  package func probe(_ host: Host) async -> ProbeResult {
    do {
      return parser(try await world.probe(host), host)
    } catch let failure as Failure {
      return .failed(failure.diagnostic)
    } catch {
      return .failed(HostWords.lost(host, during: .probe).diagnostic)
    }
  }

  package func run(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], elevation: Elevation, on host: Host
  ) async throws -> RemoteAnswer {
    try Task.checkCancellation()
    let (answer, seconds) = try await world.run(
      call, secrets: secrets, elevation: elevation, on: host)
    // Hosts work side by side, but one clock counts for all: without a bound, a fleet's scripts would
    // add up to hours, and every key of ten minutes would be too old.
    world.clock.advance(seconds: min(seconds, SimulatedHosts.scriptSeconds))
    return answer
  }

  package func reach(_ targets: ReachTargets, from host: Host) async -> ReachAnswer {
    do {
      return .report(try await world.look(.verify(targets), on: host).report)
    } catch let failure as Failure {
      return .failed(failure.diagnostic)
    } catch {
      return .failed(HostWords.lost(host, during: .verify).diagnostic)
    }
  }

  package func checkServer(
    _ url: ServerURL, candidates: [ServerURL], from host: Host
  ) async -> ReachAnswer {
    await examined(.checkServer(url, candidates: candidates), on: host)
  }

  package func checkSource(_ url: String, from host: Host) async -> ReachAnswer {
    await examined(.checkSource(url), on: host)
  }

  private func examined(_ call: RemoteCall, on host: Host) async -> ReachAnswer {
    do {
      return .report(try await world.look(call, on: host).report)
    } catch let failure as Failure {
      return .failed(failure.diagnostic)
    } catch {
      return .failed(HostWords.lost(host, during: call.script).diagnostic)
    }
  }

  package func close() async {}
}
