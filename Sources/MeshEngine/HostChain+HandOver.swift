import MeshCore

/// Leaving a join to a person (design §6, Windows).
extension HostChain {
  /// Puts script and key on the host after a direct join has failed.
  ///
  /// Sets `result.waiting` where a person has to go on, and `result.failure` where not even that could
  /// be prepared; neither where the desktop's own session joined at once.
  func leave(
    _ handOver: HandOver, after failure: Diagnostic, elevation: Elevation,
    result: inout ChainResult
  ) async throws {
    await emit(.stepStart(.join))
    do {
      _ = try await perform(
        handOver.effects, of: .join, elevation: elevation, result: &result)
      if var waiting = result.waiting {
        waiting.evidence = waiting.evidence ?? failure.evidence ?? failure.message
        result.waiting = waiting.on(host: host.key)
        return
      }
      let node = try await waitUntilOnline(
        result.facts?.client?.nodeKey, after: .join, timeout: 60, lasting: 15)
      result.nodeID = node.id
      result.stepsDone.append(.join)
      await emit(.stepOK(.join, detail: HostChain.online(node)), node: node.id)
    } catch is CancellationError {
      // `Applier.cleanUp` expires the key; what is left on the host would promise a person otherwise.
      if await keys.stage(of: host.key) == .handedOut { await takeBack(elevation) }
      throw CancellationError()
    } catch {
      // The person would have found why; so does whoever reads this.
      result.waiting = nil
      var diagnostic = Failure(any: error).diagnostic.on(host: host.key)
      diagnostic.detail = [diagnostic.detail, "The direct join had failed: \(failure.message)."]
        .compactMap(\.self).joined(separator: " ")
      result.failure = diagnostic
      await emit(.stepFailed(.join, diagnostic))
      let isThere = await keys.stage(of: host.key) == .handedOut
      await expireWaitingKey()
      if isThere { await takeBack(elevation) }
    }
  }

  /// Removes from the host what a hand-over that failed or was stopped may have left there.
  private func takeBack(_ elevation: Elevation) async {
    var call = RemoteCall.takeBack
    call.timeout = 20
    let (hosts, host, bounded) = (ports.hosts, host, call)
    // A task of its own, because this one may be cancelled.
    let failure = await Task.detached { () -> Diagnostic? in
      do {
        let answer = try await hosts.run(bounded, secrets: [:], elevation: elevation, on: host)
        _ = try RemoteJudge.judge(bounded, answer: answer, host: host).get()
        return nil
      } catch {
        return Failure(any: error).diagnostic.asWarning.on(host: host.key)
      }
    }.value
    guard var failure else { return }
    failure.message = "what was left for a person is not taken back: \(failure.message)"
    await emit(.stepFailed(.join, failure))
  }

  /// A key that nobody will use; where it cannot be expired it stays in the ledger for the next run.
  private func expireWaitingKey() async {
    do { try await keys.expire(.waitingKey, host: host.key) } catch {
      let warning = Failure(any: error).diagnostic.asWarning.on(host: host.key)
      await emit(.stepFailed(.join, warning))
    }
  }

  /// Looks a second time: a client that is not told to stay drops its node when the command that
  /// joined it has ended (reference tailscale-client.md §3.1).
  func requireLasting(_ node: MeshNode, seconds: Int) async throws {
    try await ports.clock.sleep(seconds: Double(seconds))
    // A list younger than now.
    guard case .online = try await nodes.waitUntilOnline(nodeKey: node.nodeKey, timeout: 0) else {
      throw Failure(
        .joinDropped, "node #\(node.id) was online and dropped \(seconds) s after the login",
        detail: "The client lets go of the mesh when nobody who uses the desktop holds it.",
        hint: "on \(host.key): tailscale status", host: host.key)
    }
  }
}

extension Step {
  /// What to leave to a person after this step failed so; nil where that would not help.
  func handOver(after failure: Diagnostic) -> HandOver? {
    guard case .join(let join) = self, failure.code.leadsToPerson else { return nil }
    return join.handOver
  }
}
