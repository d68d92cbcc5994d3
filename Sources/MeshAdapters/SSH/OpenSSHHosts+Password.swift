import MeshCore

/// Root by a sudo that asks for a password.
extension OpenSSHHosts {
  /// sudo reads the password from standard input, so the script goes ahead as a file: with both on
  /// one stream, a sudo that does not ask would hand the password to the script.
  func executeWithPassword(
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
      of: call, mark: mark, secrets: secrets, on: host.os, removingItself: true)
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
}
