import MeshCore

extension SimulatedHost {
  /// The `probe` script: reads everything, changes nothing.
  func probe(_ run: inout ScriptRun) {
    run.answer("uname", 0, "Linux")
    run.answer("machine", 0, architecture)
    run.answer("os-release", 0, distribution.osRelease)
    run.answer("user", 0, privilege == .root ? "root" : loginUser)
    run.answer("uid", 0, privilege == .root ? "0" : "1000")
    run.answer("hostname", 0, hostname)
    answerElevation(&run)
    run.answer("init", 0, initSystem.rawValue)
    run.answer("managers", 0, packageManagers.joined(separator: "\n"))
    run.answer("service", 0, service)
    run.answer("tun", 0, hasTUN ? "yes" : "no")
    if let client {
      run.answer("client-version", 0, client.versionJSON)
    } else {
      run.answer("client-version", 127, "tailscale: not found")
    }
    answerStatus(&run)
    answerPrefs(&run)
    answerSettings(&run)
    run.answer("client-package", 0, client == nil ? "" : packageManagers.first ?? "")
    run.answer("image", 0, "no")
    run.answer("ssh", 0, "198.51.100.1 50000 198.51.100.2 22")
    run.answer("wsl", 0, isWSL ? "yes" : "no")
    run.answer("tools", 0, tools.joined(separator: "\n"))
  }

  private func answerElevation(_ run: inout ScriptRun) {
    switch privilege {
    case .root, .sudo: run.answer("sudo", 0, "")
    case .sudoPassword: run.answer("sudo", 1, "sudo: a password is required")
    // sudo -n asks for the password first, so a refusal shows only to those with a ticket.
    case .refused:
      run.answer("sudo", 1, "Sorry, user \(loginUser) may not run sudo on \(hostname).")
    case .doas, .unavailable: run.answer("sudo", 127, "sudo: not found")
    }
    if privilege == .doas {
      run.answer("doas", 0, "")
    } else {
      run.answer("doas", 127, "doas: not found")
    }
  }

  private var service: String {
    guard let client else { return "missing" }
    if client.isRunning { return "running" }
    return initSystem == .none ? "no-init" : "stopped"
  }
}
