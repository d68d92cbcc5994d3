import MeshCore

/// What follows a step that failed, or one that was cut short.
extension HostChain {
  /// Runs what the failed step asks for; its own failures are events, never silence.
  func cleanUp(after step: Step, elevation: Elevation) async {
    let stage = await keys.stage(of: host.key)
    guard stage != .none else { return }
    for effect in step.payload.onFailure {
      do {
        switch effect {
        case .server(let call): try await perform(call, of: step.kind)
        case .remote(let call) where stage == .handedOut:
          let answer = try await ports.hosts.run(
            call, secrets: [:], elevation: elevation, on: host)
          _ = try RemoteJudge.judge(call, answer: answer, host: host).get()
        case .remote, .enableSSH, .wait: break
        }
      } catch is CancellationError {
        // The whole run is being stopped: `Applier.cleanUp` expires every key in flight.
        return
      } catch {
        var warning = Failure(any: error).diagnostic.asWarning.on(host: host.key)
        warning.message = "cleaning up after the failed \(step.kind.rawValue): \(warning.message)"
        await emit(.stepFailed(step.kind, warning))
      }
    }
  }

  /// Makes the client let go of a key that it may have, although the run is being stopped.
  ///
  /// The restart also ends a `tailscale up` that still runs there, and with it the script that holds
  /// the key file. The key itself is expired by `Applier.cleanUp`.
  func abandon(_ step: Step, elevation: Elevation) async {
    guard step.kind == .join, await keys.stage(of: host.key) == .handedOut else { return }
    var call = RemoteCall.clearKey
    call.timeout = HostChain.abandonSeconds
    let (hosts, host) = (ports.hosts, host)
    // A task of its own, because this one is cancelled.
    let failure = await Task.detached { () -> Diagnostic? in
      do {
        let answer = try await hosts.run(call, secrets: [:], elevation: elevation, on: host)
        _ = try RemoteJudge.judge(call, answer: answer, host: host).get()
        return nil
      } catch {
        return Failure(any: error).diagnostic.asWarning.on(host: host.key)
      }
    }.value
    guard var failure else { return }
    failure.message = "the key was not cleared from the client: \(failure.message)"
    await emit(.stepFailed(step.kind, failure))
  }

  /// How long a stopped run waits for one host to let go of its key.
  private static let abandonSeconds = 20
}
