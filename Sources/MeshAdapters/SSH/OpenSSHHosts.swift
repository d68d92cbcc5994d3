package import Logging
package import MeshCore
package import MeshEngine
import Subprocess

/// Hosts behind the system's OpenSSH client, and the local host.
///
/// One connection a host and run: the first command becomes a control master, the others go through
/// it. A local host gets the same scripts from `/bin/sh`.
package actor OpenSSHHosts: HostActing {
  private let program: String
  private let environment: [String: String]
  private let logger: Logger
  private var control: ControlDirectory?
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
      return LinuxTarget.facts(in: answer, of: host)
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
    switch call.elevated ? elevation : .none {
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
    let input = try ScriptRendering.standardInput(of: call, mark: mark, secrets: secrets)
    let ending = try await send(
      input, to: command, on: host, timeout: Double(call.timeout), what: call.script.rawValue)
    return try answer(ending, mark: mark, redactor: redactor, host: host)
  }

  /// sudo reads the password from standard input, so the script goes ahead as a file: with both on
  /// one stream, a sudo that does not ask would hand the password to the script.
  private func executeWithPassword(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], password: Secret, redactor: Redactor,
    on host: Host
  ) async throws -> RemoteAnswer {
    guard !password.reveal().contains(where: \.isNewline) else {
      throw Failure(
        .scriptValue, "the become password of \(host.key) has more than one line",
        detail: "sudo would take the first line only.", hint: "check become.password",
        host: host.key)
    }
    let mark = randomWord()
    let script = try ScriptRendering.standardInput(
      of: call, mark: mark, secrets: secrets, removingItself: true)
    let folder = try await upload(script, redactor: redactor, on: host)
    do {
      let ending = try await send(
        Secret(password.reveal() + "\n"),
        to: RemoteCommand.sudoPassword(script: folder + "/run"), on: host,
        timeout: Double(call.timeout), what: call.script.rawValue)
      let answer = try answer(ending, mark: mark, redactor: redactor, host: host)
      // The script removes itself when it starts; without an answer it may not have.
      if !answer.report.isComplete { await discard(folder, on: host) }
      return answer
    } catch {
      await discard(folder, on: host)
      throw error
    }
  }

  /// Puts a script into a private directory of the login user; returns the directory.
  private func upload(_ script: Secret, redactor: Redactor, on host: Host) async throws -> String {
    let mark = randomWord()
    let ending = try await send(
      ScriptUpload.text(of: script, mark: mark), to: RemoteCommand.plain, on: host, timeout: 60,
      what: "upload")
    let answer = try answer(ending, mark: mark, redactor: redactor, host: host)
    guard answer.report.isComplete, answer.report.status("folder") == 0,
      let folder = answer.report.text("folder"), ScriptUpload.isFolder(folder)
    else {
      throw Failure(
        .sshLost, "a script could not be put on \(host.key)",
        detail: "It goes into a private directory under /tmp of the login user.",
        evidence: TextEvidence.lastLine(of: answer.errorText), hint: "on \(host.key): df /tmp",
        host: host.key)
    }
    return folder
  }

  /// Removes what an upload left; also when the run was cancelled.
  private func discard(_ folder: String, on host: Host) async {
    await uncancelled {
      // Where the host is out of reach, the folder stays; its key is dead in minutes.
      _ = try? await self.send(
        Secret("rm -rf -- \(ShellQuoting.quoted(folder))\n"), to: RemoteCommand.plain, on: host,
        timeout: 20, what: "clean-up")
    }
  }

  private func send(
    _ input: Secret, to command: String, on host: Host, timeout: Double, what: String
  ) async throws -> ChildProcess.Ending {
    var child: ChildProcess
    switch host.connection {
    case .local:
      child = ChildProcess(
        executable: "/bin/sh", arguments: ["-c", command], environment: environment,
        timeout: timeout)
    case .ssh:
      let arguments = try await sshArguments(command, host)
      child = ChildProcess(
        executable: program, arguments: arguments, environment: environment, timeout: timeout)
    }
    child.input = input
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

  private func answer(
    _ ending: ChildProcess.Ending, mark: String, redactor: Redactor, host: Host
  ) throws -> RemoteAnswer {
    let report = ScriptReport(parsing: redactor.redacted(ending.output), mark: mark)
    var errorText = redactor.redacted(ending.error)
    if host.connection == .ssh, ending.status == 255, !report.isComplete {
      throw SSHClassifier.failure(of: errorText, host: host)
    }
    if ending.outputWasCut {
      errorText += "\nmeshctl: the answer was larger than 4 MiB and was cut"
    }
    return RemoteAnswer(exitStatus: ending.status, report: report, errorText: errorText)
  }

  private func incomplete(_ call: RemoteCall, _ answer: RemoteAnswer, _ host: Host) -> Failure {
    if call.elevated, let refusal = SudoClassifier.diagnostic(of: answer.errorText, on: host) {
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

  private func sshArguments(_ command: String, _ host: Host) async throws -> [String] {
    if keyExchange == nil {
      let chosen = try await KeyExchange.choose(program: program, environment: environment)
      keyExchange = .some(chosen)
    }
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
    ).run(command, on: host, knownHosts: pinnedFile)
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

/// A word that nobody can guess, of letters and digits.
private func randomWord() -> String {
  var generator = SystemRandomNumberGenerator()
  return (0..<2).map { _ in
    let digits = String(generator.next() as UInt64, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }.joined()
}

/// Runs clean-up to its end although the task that needs it was cancelled; a cancelled task cannot
/// start a child process that lives.
private func uncancelled(_ body: @escaping @Sendable () async -> Void) async {
  await Task.detached { await body() }.value
}
