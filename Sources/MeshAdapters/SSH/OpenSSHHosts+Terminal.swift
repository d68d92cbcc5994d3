package import MeshCore
import MeshEngine

/// What asks a person at the terminal: the login itself, and a sudo or doas that takes nothing else.
///
/// The child shares our terminal, so OpenSSH, sudo and doas ask there themselves; what is typed never
/// passes through this process. The connection stays open as a control master, and everything after
/// goes through it as usual.
extension OpenSSHHosts: HostPreparing {
  package func logInOnTerminal(_ host: Host) async throws {
    guard host.connection == .ssh else { return }
    await forgetConnection(host)
    let ending = try await send(
      Secret(""), to: "exit 0", on: host, timeout: 600, what: "login", asking: .login)
    guard ending.status == 255 else { return }
    throw sshFailure(ending.error, host)
  }

  package func runOnTerminal(
    _ call: RemoteCall, asking way: RootWay.Asker, on host: Host
  ) async throws -> RemoteAnswer {
    let mark = randomWord()
    let script = try ScriptRendering.standardInput(of: call, mark: mark, on: host.os)
    let folder = try await upload(script, on: host)
    do {
      let ending = try await send(
        Secret(""), to: RemoteCommand.onTerminal(way, folder: folder), on: host,
        timeout: Double(call.timeout) + 300, what: call.script.rawValue, asking: .onTerminal)
      let said = try await fetch(folder, on: host)
      await discard(folder, on: host)
      let report = ScriptReport(parsing: said.output, mark: mark)
      let errors = said.error + ending.error
      let answer = RemoteAnswer(exitStatus: ending.status, report: report, errorText: errors)
      if report.isComplete { return answer }
      if let refusal = SudoClassifier.diagnostic(of: errors, on: host) { throw Failure(refusal) }
      // Any other end is the script's own or the connection's: it had begun by then.
      guard report.sections.isEmpty, [1, 126, 127].contains(ending.status) else {
        throw incomplete(call, answer, host)
      }
      throw Failure(
        .elevateRefused, "\(way.rawValue) did not give root on \(host.key)",
        detail: "Nothing was done there.", evidence: TextEvidence.lastLine(of: errors),
        hint: "on \(host.key): \(way.rawValue) id", host: host.key)
    } catch {
      await discard(folder, on: host)
      throw error
    }
  }

  /// Puts a script into a private directory of the login user; returns the directory.
  private func upload(_ script: Secret, on host: Host) async throws -> String {
    let mark = randomWord()
    let ending = try await send(
      ScriptUpload.text(of: script, mark: mark), to: RemoteCommand.plain, on: host, timeout: 60,
      what: "upload")
    let answer = try answer(ending, mark: mark, redactor: Redactor(), host: host)
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
      // Where the host is out of reach, the folder stays; no secret is in it.
      _ = try? await self.send(
        Secret("rm -rf -- \(ShellQuoting.quoted(folder))\n"), to: RemoteCommand.plain, on: host,
        timeout: 20, what: "clean-up")
    }
  }

  /// What the script wrote into its folder.
  private func fetch(
    _ folder: String, on host: Host
  ) async throws -> (output: String, error: String) {
    let place = ShellQuoting.quoted(folder)
    let text = "cat -- \(place)/answer\ncat -- \(place)/errors >&2\n"
    let ending = try await send(
      Secret(text), to: RemoteCommand.plain, on: host, timeout: 60, what: "fetch")
    return (ending.output, ending.error)
  }

  package func forgetConnection(_ host: Host) async {
    guard host.connection == .ssh, control != nil,
      let arguments = try? await sshArguments("", host, .nothing)
    else { return }
    // `-O exit` reads where the master is from the same options; without one it fails, as is meant.
    let exit = ["-O", "exit"] + arguments.dropLast()
    let (program, environment) = (program, environment)
    await uncancelled {
      _ = try? await ChildProcess(
        executable: program, arguments: exit, environment: environment, timeout: 5
      ).run()
    }
  }
}
