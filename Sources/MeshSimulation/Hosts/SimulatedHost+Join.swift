import MeshCore

extension SimulatedHost {
  /// The `join` script: `tailscale up` with the flags of `ARGS` and the key of `AUTH_KEY_FILE`.
  mutating func join(_ run: inout ScriptRun) {
    var arguments = run.arguments
    if run.authKey != nil { arguments.append("--auth-key=file:/run/meshctl/key") }
    if !arguments.isEmpty { arguments.append("--timeout=\(run.parameters["TIMEOUT"] ?? "60")s") }
    let (status, text) = up(arguments, &run)
    run.answer("up", status, text)
    answerStatus(&run)
    answerPrefs(&run)
  }

  static let timeout =
    "timeout waiting for Tailscale service to enter a Running state; check health with "
    + "\"tailscale status\""

  /// `tailscale up` (reference tailscale-client.md §2.4): exit status and what it printed.
  private mutating func up(_ arguments: [String], _ run: inout ScriptRun) -> (Int, String) {
    guard let client else { return (127, "tailscale: not found") }
    do throws(ClientFlags.Refusal) {
      let flags = try ClientFlags(parsing: arguments, for: .up, on: run.os)
      guard client.isRunning else { return (1, SimulatedHost.daemonDown) }
      guard mayWrite(run, client) else { return (1, SimulatedHost.accessDenied("up")) }
      let before = client.preferences
      let wanted = try preferences(after: flags, from: before)
      let isRunning = clientView(run)?.backendState == "Running"
      let forces = flags.boolean("force-reauth") ?? false
      let moves = !before.controlURL.isEmpty && before.controlURL != wanted.controlURL
      guard !isRunning || !moves || forces else {
        return (1, "can't change --login-server without --force-reauth")
      }
      self.client?.preferences = wanted
      if forces || moves { dropConnection(&run) }
      return login(flags, rotates: forces || moves, &run)
    } catch {
      return (error.status, error.text)
    }
  }

  /// The preferences `up` sets: all of them with `--reset`, else those named, and the others have to
  /// be named too.
  private func preferences(
    after flags: ClientFlags, from before: SimulatedPreferences
  ) throws(ClientFlags.Refusal) -> SimulatedPreferences {
    var wanted = before
    let exempt: Set = [
      "auth-key", "force-reauth", "reset", "qr", "json", "timeout", "accept-risk", "host-routes",
    ]
    let namesPreferences = flags.names.contains { !exempt.contains($0) }
    if flags.boolean("reset") ?? false {
      wanted = SimulatedPreferences()
      wanted.controlURL = "https://controlplane.tailscale.com"
      // What `up` has no flag for stays, except with a key: that replaces all preferences.
      if flags["auth-key"] == nil {
        wanted.webClient = before.webClient
        wanted.autoUpdateCheck = before.autoUpdateCheck
        wanted.autoUpdateApply = before.autoUpdateApply
      }
    } else if namesPreferences, !before.controlURL.isEmpty {
      let missing = flags.unmentioned(of: before)
      guard missing.isEmpty else {
        let given = flags.names.filter { $0 != "timeout" }.map { "--\($0)=\(flags[$0] ?? "")" }
        throw ClientFlags.Refusal(
          status: 1,
          text: """
            Error: changing settings via 'tailscale up' requires mentioning all
            non-default flags. To proceed, either re-run your command with --reset or
            use the command below to explicitly mention the current value of
            all non-default settings:

            \ttailscale up \((given + missing).joined(separator: " "))
            """)
      }
    }
    try flags.apply(to: &wanted)
    if wanted.controlURL.isEmpty { wanted.controlURL = "https://controlplane.tailscale.com" }
    wanted.wantRunning = true
    wanted.loggedOut = before.loggedOut
    return wanted
  }

  /// A new login begins: the connection is down before it is known whether the login will succeed
  /// (upstream tailscale 3849).
  private mutating func dropConnection(_ run: inout ScriptRun) {
    guard let key = client?.nodeKey else { return }
    run.server.disconnect(nodeKey: key, now: run.now)
    client?.isReauthenticating = true
  }

  private mutating func login(
    _ flags: ClientFlags, rotates: Bool, _ run: inout ScriptRun
  ) -> (Int, String) {
    guard var client else { return (127, "tailscale: not found") }
    let url = client.preferences.controlURL
    if let problem = contactProblem(url, run) {
      return timedOut(
        &run,
        health: "You are logged out. The last login error was: fetch control key: Get "
          + "\"\(url)/key?v=142\": \(problem)")
    }
    if faults.joinTimesOut { return timedOut(&run, health: "Tailscale is starting. Please wait.") }
    if let refusal = client.rememberedRefusal { return (1, "backend error: \(refusal)") }

    let needsLogin = clientView(run)?.backendState == "NeedsLogin"
    guard needsLogin || rotates || flags["auth-key"] != nil else {
      connect(&run)
      return (0, "")
    }
    guard let key = run.authKey ?? flags["auth-key"], !key.isEmpty else {
      // Without a key `up` prints a login URL and waits for a person.
      return timedOut(&run, health: "You are logged out.")
    }
    if client.nodeKey == nil || rotates || needsLogin {
      client.nodeKey = "nodekey:" + run.random.hex(64)
    }
    do throws(RegistrationRefusal) {
      _ = try run.server.register(
        client.report(systemHostname: hostname), authKey: key,
        requestTags: client.preferences.advertiseTags, now: run.now)
    } catch {
      self.client?.rememberedRefusal = error.message
      return (1, "backend error: \(error.message)")
    }
    client.preferences.loggedOut = false
    client.isReauthenticating = false
    client.registeredURL = url
    self.client = client
    run.seconds = 4
    connect(&run)
    return clientView(run)?.backendState == "Running" ? (0, "") : timedOut(&run, health: nil)
  }

  private mutating func timedOut(_ run: inout ScriptRun, health: String?) -> (Int, String) {
    client?.healthWarning = health
    run.seconds = Double(run.parameters["TIMEOUT"] ?? "") ?? 60
    return (1, SimulatedHost.timeout)
  }
}
