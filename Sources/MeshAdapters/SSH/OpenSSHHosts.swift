package import Logging
package import MeshCore
package import MeshEngine
import Subprocess

/// Hosts behind the system's OpenSSH client, and the local host.
///
/// One connection a host and run: the first command becomes a control master, the others go through
/// it. A local host gets the same scripts from `/bin/sh`.
package actor OpenSSHHosts: HostActing {
  let program: String
  let environment: [String: String]
  private let logger: Logger
  private(set) var control: ControlDirectory?
  /// Asked once; the outer nil means not yet.
  private var keyExchange: String??
  private var knownHosts: [String: String] = [:]
  private var isClosed = false

  /// - Parameters:
  ///   - environment: of this process; only what ssh needs of it is passed on.
  ///   - program: the ssh client, a name or a path.
  ///   - logger: for debugging; never given a secret.
  package init(
    environment: [String: String], program: String = "ssh",
    logger: Logger = Logger(label: "meshctl.ssh")
  ) {
    self.program = program
    self.environment = SSHEnvironment.filtered(environment)
    self.logger = logger
  }

  // MARK: Looking

  package func probe(_ host: Host) async -> ProbeResult {
    if let refusal = TargetProfile.refusal(for: host) { return .failed(refusal) }
    do {
      let answer = try await execute(
        .probe, secrets: [:], command: RemoteCommand.plain, redactor: Redactor(), on: host)
      return TargetProfile.of(host.os).facts(answer, host)
    } catch let failure as Failure {
      return .failed(failure.diagnostic)
    } catch {
      return .failed(
        Diagnostic(
          .sshLost, .error, "the probe of \(host.key) was stopped",
          detail: "The run was interrupted.", hint: "meshctl plan --probe --limit \(host.key)",
          host: host.key))
    }
  }

  // MARK: Acting

  package func run(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], elevation: Elevation, on host: Host
  ) async throws -> RemoteAnswer {
    if let refusal = TargetProfile.refusal(for: host) { throw Failure(refusal) }
    var redactor = Redactor()
    for secret in secrets.values { redactor.learn(secret) }
    let answer: RemoteAnswer
    // Windows has no way to become somebody else here: an administrator's SSH session has all rights.
    let isWindows = TargetProfile.of(host.os).language == .powerShell
    switch call.elevated && !isWindows ? elevation : .none {
    case .none, .root:
      answer = try await execute(
        call, secrets: secrets, command: RemoteCommand.plain, redactor: redactor, on: host)
    case .sudo:
      answer = try await execute(
        call, secrets: secrets, command: RemoteCommand.sudo, redactor: redactor, on: host)
    case .doas:
      answer = try await execute(
        call, secrets: secrets, command: RemoteCommand.doas, redactor: redactor, on: host)
    case .sudoPassword(let password):
      redactor.learn(password)
      answer = try await executeWithPassword(
        call, secrets: secrets, password: password, redactor: redactor, on: host)
    }
    guard answer.report.isComplete else { throw incomplete(call, answer, host) }
    return answer
  }

  /// Ends the masters and removes the control directory, also when the run was cancelled.
  package func close() async {
    isClosed = true
    guard let control else { return }
    self.control = nil
    knownHosts = [:]
    let program = program
    let environment = environment
    let ssh = SSHArguments(controlDirectory: control.path)
    let sockets = control.contents().filter { !$0.hasPrefix("known_hosts") }
    await uncancelled {
      await withTaskGroup(of: Void.self) { group in
        for (index, socket) in sockets.enumerated() {
          if index >= 8 { await group.next() }
          group.addTask {
            // A master that is gone already is what we want; nothing to report.
            _ = try? await ChildProcess(
              executable: program, arguments: ssh.exit(socket: control.path + "/" + socket),
              environment: environment, timeout: 5
            ).run()
          }
        }
      }
      control.remove()
    }
  }

  // MARK: Running

  /// One command with one rendered script on its standard input.
  private func execute(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], command: String, redactor: Redactor,
    on host: Host
  ) async throws -> RemoteAnswer {
    let mark = randomWord()
    if TargetProfile.of(host.os).language == .powerShell {
      return try await executeByPowerShell(
        call, secrets: secrets, mark: mark, redactor: redactor, on: host)
    }
    let input = try ScriptRendering.standardInput(
      of: call, mark: mark, secrets: secrets, on: host.os)
    let ending = try await send(
      input, to: command, on: host, timeout: Double(call.timeout), what: call.script.rawValue)
    return try answer(ending, mark: mark, redactor: redactor, host: host)
  }

  func send(
    _ input: Secret, to command: String, on host: Host, timeout: Double, what: String,
    outputLimit: Int = 4 << 20, asking: SSHArguments.Asking = .nothing
  ) async throws -> ChildProcess.Ending {
    var child: ChildProcess
    switch host.connection {
    case .local:
      child = ChildProcess(
        executable: "/bin/sh", arguments: ["-c", command], environment: environment,
        timeout: timeout)
    case .ssh:
      let arguments = try await sshArguments(command, host, asking)
      child = ChildProcess(
        executable: program, arguments: arguments, environment: environment, timeout: timeout)
    }
    child.input = input
    switch asking {
    case .nothing: break
    case .login: child.terminal = .asks
    case .onTerminal: child.terminal = .attached
    }
    child.outputLimit = outputLimit
    logger.debug("run", metadata: ["host": "\(host.key)", "script": "\(what)"])
    let ending: ChildProcess.Ending
    do { ending = try await child.run() } catch let error as SubprocessError {
      throw Failure(
        .sshProgram, "\(child.executable) cannot be started", detail: "It reaches \(host.key).",
        evidence: "\(error)", hint: "install the OpenSSH client", host: host.key)
    }
    logger.debug(
      "ended", metadata: ["host": "\(host.key)", "script": "\(what)", "status": "\(ending.status)"])
    guard !ending.timedOut else {
      throw Failure(
        .sshTimeout, "\(what) on \(host.key) did not end within \(Int(timeout)) s",
        detail: "The connection was closed; the script there ends by its own limits.",
        evidence: TextEvidence.lastLine(of: ending.error), hint: SSHClassifier.command(host),
        host: host.key)
    }
    return ending
  }

  func answer(
    _ ending: ChildProcess.Ending, mark: String, redactor: Redactor, host: Host
  ) throws -> RemoteAnswer {
    // Parsed first: a password such as `status` must not hide a section's name.
    let isWindows = TargetProfile.of(host.os).language == .powerShell
    let raw =
      isWindows
      ? PowerShellRendering.report(parsing: ending.output, mark: mark)
      : ScriptReport(parsing: ending.output, mark: mark)
    let report = ScriptReport(
      sections: raw.sections.mapValues {
        ScriptReport.Section(status: $0.status, text: redactor.redacted($0.text))
      }, isComplete: raw.isComplete)
    var errorText = redactor.redacted(isWindows ? CLIXML.words(in: ending.error) : ending.error)
    if host.connection == .ssh, ending.status == 255, !report.isComplete {
      throw sshFailure(errorText, host)
    }
    if ending.outputWasCut {
      errorText += "\nmeshctl: the answer was larger than 4 MiB and was cut"
    }
    return RemoteAnswer(exitStatus: ending.status, report: report, errorText: errorText)
  }

  /// Why ssh failed; where a host key is in question, with both fingerprints.
  func sshFailure(_ text: String, _ host: Host) -> Failure {
    var failure = SSHClassifier.failure(of: text, host: host)
    if failure.diagnostic.code == .sshHostKeyChanged,
      let keys = HostKeyEvidence(of: text, host: host)
    {
      failure.diagnostic.evidence = keys.text
    }
    return failure
  }

  func incomplete(_ call: RemoteCall, _ answer: RemoteAnswer, _ host: Host) -> Failure {
    if TargetProfile.of(host.os).language == .powerShell {
      if let known = PowerShellClassifier.diagnostic(of: answer.errorText, on: host) {
        return Failure(known)
      }
    } else if call.elevated,
      let refusal = SudoClassifier.diagnostic(of: answer.errorText, on: host)
    {
      return Failure(refusal)
    }
    return Failure(
      .sshLost, "\(call.script.rawValue) on \(host.key) was cut short",
      detail: "What it was doing may have been done; the next run looks first.",
      evidence: TextEvidence.lastLine(of: answer.errorText)
        ?? "exit \(answer.exitStatus) without an error text",
      hint: "meshctl plan --probe --limit \(host.key)", host: host.key)
  }

  // MARK: Arguments

  func sshArguments(
    _ command: String, _ host: Host, _ asking: SSHArguments.Asking
  ) async throws -> [String] {
    if keyExchange == nil {
      let chosen = try await KeyExchange.choose(program: program, environment: environment)
      keyExchange = .some(chosen)
    }
    return try arguments(command, host, asking)
  }

  /// Never inlined: with it inside `sshArguments` the optimizer of Swift 6.3.1 crashes (splitting the
  /// coroutine).
  @inline(never)
  private func arguments(
    _ command: String, _ host: Host, _ asking: SSHArguments.Asking
  ) throws -> [String] {
    let control = try controlDirectory()
    var pinnedFile: String?
    if case .pinned(let key) = host.ssh.hostKey {
      let line = SSHArguments.knownHostsLine(key, for: host)
      if let file = knownHosts[line] {
        pinnedFile = file
      } else {
        let file = try control.write(line, to: "known_hosts.\(knownHosts.count)")
        knownHosts[line] = file
        pinnedFile = file
      }
    }
    return SSHArguments(
      controlDirectory: control.path, preferredKeyExchange: keyExchange ?? nil
    ).run(command, on: host, knownHosts: pinnedFile, asking: asking)
  }

  private func controlDirectory() throws(Failure) -> ControlDirectory {
    if let control { return control }
    guard !isClosed else {
      throw Failure(
        .sshLost, "the connections of this run are closed",
        detail: "Nothing is sent to hosts after that.", hint: "run meshctl again")
    }
    let made = try ControlDirectory.make(word: randomWord)
    control = made
    return made
  }
}
