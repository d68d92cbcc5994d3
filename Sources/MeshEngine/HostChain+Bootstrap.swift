import MeshCore

/// Waiting for a host to become reachable (design §6, enable-ssh).
extension HostChain {
  /// Seconds between two looks.
  static let sshPause = 3.0

  /// Probes until an SSH server answers, whatever it says then; its facts become the host's.
  ///
  /// - Returns: how it ended, in a few words; where time is up and the machine's own setup goes on by
  ///   itself, `result.waiting` is set instead.
  func waitForSSH(
    timeout: Int, bySetup: Bool, delivered: String, result: inout ChainResult
  ) async throws -> String {
    let place = host.ssh.jump == nil ? "\(host.address):\(host.port)" : host.key
    let start = ports.clock.now()
    var isSaid = false
    while true {
      let probe = await ports.hosts.probe(host)
      try Task.checkCancellation()
      guard case .failed(let finding) = probe, finding.code.meansNoSSHYet else {
        if case .facts(let facts) = probe { result.facts = facts }
        return delivered + "; SSH answers at \(place)"
      }
      guard ports.clock.now().seconds(since: start) < Int64(timeout) else {
        guard bySetup else { throw stillSilent(finding, place, timeout, delivered) }
        result.waiting = setupGoesOn(finding, place, timeout)
        return delivered
      }
      if !isSaid {
        // Minutes of silence would look like a hang.
        await ports.events.emit(
          Event(
            time: ports.clock.now(), round: round,
            kind: .waits(
              Diagnostic(
                .bootstrapNeeded, .note,
                "\(host.key): \(delivered); waiting up to \(timeout) s for SSH at \(place)",
                host: host.key))))
        isSaid = true
      }
      try await ports.clock.sleep(seconds: HostChain.sshPause)
    }
  }

  private func stillSilent(
    _ finding: Diagnostic, _ place: String, _ timeout: Int, _ delivered: String
  ) -> Failure {
    let log =
      host.os == .windows
      ? "C:\\Windows\\Logs\\meshctl-enable-ssh.log" : "/var/log/meshctl-enable-ssh.log"
    return Failure(
      .bootstrapNoAnswer, "no SSH server answers at \(place) \(timeout) s after \(delivered)",
      detail: "The server may listen on another port there, or a firewall or a missing port forward"
        + " is in between.",
      evidence: finding.evidence ?? finding.message,
      hint: "look at \(log) on \(host.key), then: meshctl apply --limit \(host.key)",
      host: host.key)
  }

  private func setupGoesOn(_ finding: Diagnostic, _ place: String, _ timeout: Int) -> Diagnostic {
    Diagnostic(
      .bootstrapSetup, .error,
      "the setup of \(host.key) has not enabled SSH at \(place) after \(timeout) s",
      detail: "Its files are in bootstrap.oem_dir. Setting up Windows takes longer than a run"
        + " waits; a machine that was set up before has to be told once.",
      evidence: finding.evidence ?? finding.message,
      hint: "meshctl apply --limit \(host.key), later; or run C:\\OEM\\install.bat there as"
        + " administrator", host: host.key)
  }
}
