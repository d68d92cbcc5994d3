/// Hosts that no probe could look at.
extension HostPlanner {
  /// What becomes of a host that needs SSH and could not be probed.
  ///
  /// Where no SSH server answers the inventory may say how it is enabled; then the host keeps its
  /// action, and that comes first. Else a person has to. Where Windows refuses the login, the same way
  /// brings the keys to their place. Other failures block. Where nothing came back at all, both say
  /// that the machine may be off.
  mutating func withoutSSH(_ failure: Diagnostic, _ action: Action) -> Action {
    let acts = [.join, .change, .replace].contains(action)
    if acts, failure.mayMeanNoKeys(on: host), let step = EnableSSHStep.of(host) {
      steps.insert(.enableSSH)
      diagnostics.append(delivered(step, failure))
      return action
    }
    guard failure.mayMeanNoSSH(on: host), acts else {
      var failure = failure
      if failure.mayMeanNoKeys(on: host) {
        // Only here it is known where the inventory lies.
        failure.hint = failure.hint?.replacing(
          WindowsLogin.bundle(host),
          with: WindowsLogin.bundle(host, inventory: context.inventory.path))
      }
      diagnostics.append(failure)
      return .blocked
    }
    guard let step = EnableSSHStep.of(host) else {
      diagnostics.append(person(failure))
      return .wait
    }
    steps.insert(.enableSSH)
    diagnostics.append(delivered(step, failure))
    return action
  }

  /// What apply does about it by itself, as the inventory says.
  private func delivered(_ step: EnableSSHStep, _ failure: Diagnostic) -> Diagnostic {
    let keys =
      host.bootstrap.authorizedKeys.map { "the keys of \($0)" } ?? "the keys of ~/.ssh/*.pub here"
    let refuses = failure.mayMeanNoKeys(on: host)
    let aim = refuses ? "let the keys in" : "enable it"
    let preface = refuses ? WindowsLogin.rule + "\n" : failure.isSilence ? silence : ""
    var finding = Diagnostic(
      refuses ? .bootstrapKeys : .bootstrapNeeded, .warning, failure.message,
      evidence: failure.evidence, host: host.key)
    switch step.way {
    case .command(let words):
      finding.message += "; apply runs bootstrap.command to \(aim)"
      finding.detail =
        preface + "It runs on this machine: "
        + words.map(ShellQuoting.word).joined(separator: " ")
        + (refuses
          ? "\nand gets a script on standard input that puts \(keys) into that file with that ACL."
          : "\nand gets a script on standard input that enables SSH there and lets in \(keys).")
    case .files(let folder):
      finding.message += "; apply puts the files that \(aim) into bootstrap.oem_dir"
      finding.detail =
        preface
        + (refuses
          ? "setup-ssh-key.ps1 of \(folder), which its install.bat runs, puts \(keys) there and"
            + " sets the ACL."
          : "The machine's setup runs install.bat of \(folder), which enables SSH and lets in "
            + "\(keys).")
      finding.hint =
        "a machine that is set up already does not read them: run install.bat there once"
        + (refuses ? ", as administrator" : "")
    }
    return finding
  }

  /// What a connection that timed out may mean, before what is said next.
  private var silence: String {
    "\(host.key) is off, or nothing listens and its firewall drops what comes"
      + (host.os == .windows ? ", as Windows does by default.\n" : ".\n")
  }

  private func person(_ failure: Diagnostic) -> Diagnostic {
    let whereTo =
      host.os == .windows
      ? "into PowerShell (as administrator) on \(host.key)" : "on \(host.key)"
    let keys =
      host.bootstrap.authorizedKeys.map { " --authorized-keys \(ShellQuoting.word($0))" } ?? ""
    let port = host.port == 22 ? "" : " Or it listens on another port than \(host.port)."
    return Diagnostic(
      .bootstrapPerson, .error, failure.message,
      detail: (failure.isSilence ? silence + "If it is on: somebody" : "Somebody")
        + " has to enable SSH there once; the next run goes on by itself." + port,
      evidence: failure.evidence,
      hint: folderCommand
        ?? "meshctl bootstrap \(host.os.rawValue) --line\(keys), and paste what it prints \(whereTo)",
      host: host.key)
  }

  /// The command for what the one line cannot do: another port, or a named user; nil where it can.
  private var folderCommand: String? {
    // A port of this machine is forwarded, and launchd owns that of macOS.
    let isForwarded = ["localhost", "127.0.0.1", "::1"].contains(host.address)
    let port = host.port == 22 || isForwarded || host.os == .macos ? nil : host.port
    guard port != nil || host.ssh.user != nil else { return nil }
    let path = context.inventory.path
    let isStandard = path == "inventory.yaml" || path == "./inventory.yaml"
    let words =
      ["meshctl bootstrap", host.os.rawValue, "--host", ShellQuoting.word(host.key)]
      + (isStandard ? [] : ["--inventory", ShellQuoting.word(path)])
      + (port.map { ["--port", String($0)] } ?? [])
      + ["--out", ShellQuoting.word("enable-ssh-" + host.key)]
    return words.joined(separator: " ") + ", and do what it says on \(host.key)"
  }
}
