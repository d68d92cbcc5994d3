import MeshCore

/// Waiting for a host to become reachable (design §6, enable-ssh).
extension HostChain {
  /// Seconds between two looks.
  static let sshPause = 3.0

  /// Probes until an SSH server answers, whatever it says then (but on Windows a refused login); its
  /// facts become the host's.
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
      guard case .failed(let finding) = probe, finding.meansNoLoginYet(on: host) else {
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
    let look = "look at \(log) on \(host.key), then: meshctl apply --limit \(host.key)"
    if finding.mayMeanNoKeys(on: host) {
      return Failure(
        .bootstrapKeys, "\(host.key) still refuses the login \(timeout) s after \(delivered)",
        detail: WindowsLogin.rule, evidence: finding.evidence ?? finding.message, hint: look,
        host: host.key)
    }
    return Failure(
      .bootstrapNoAnswer, "no SSH server answers at \(place) \(timeout) s after \(delivered)",
      detail: "The machine may be off, its server may listen on another port, or a firewall or a"
        + " missing port forward is in between.",
      evidence: finding.evidence ?? finding.message,
      hint: "see that \(host.key) is on, " + look, host: host.key)
  }

  private func setupGoesOn(_ finding: Diagnostic, _ place: String, _ timeout: Int) -> Diagnostic {
    let refuses = finding.mayMeanNoKeys(on: host)
    return Diagnostic(
      refuses ? .bootstrapKeys : .bootstrapSetup, .error,
      refuses
        ? "\(host.key) still refuses the login after \(timeout) s"
        : "the setup of \(host.key) has not enabled SSH at \(place) after \(timeout) s",
      detail: (refuses ? WindowsLogin.rule + "\n" : "")
        + "Its files are in bootstrap.oem_dir. Setting up Windows takes longer than a run"
        + " waits; a machine that was set up before has to be told once.",
      evidence: finding.evidence ?? finding.message,
      hint: "meshctl apply --limit \(host.key), later; or run C:\\OEM\\install.bat there as"
        + " administrator", host: host.key)
  }
}
