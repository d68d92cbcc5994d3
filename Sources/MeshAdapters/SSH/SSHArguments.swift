package import MeshCore

/// The argument vectors for the system's ssh.
///
/// The user's configuration stays in force (`-F` is never given), but what we state here comes first
/// and so wins: nothing is forwarded, nothing asked, nothing run locally, one connection a host.
package struct SSHArguments: Sendable {
  /// A private (0700) directory with a short path: a socket's path has room for 108 bytes, and ssh
  /// adds 40 for `%C` and 17 for a temporary name.
  package var controlDirectory: String
  /// Put in front of ssh's own list; nil leaves that alone.
  package var preferredKeyExchange: String?

  package init(controlDirectory: String, preferredKeyExchange: String? = nil) {
    self.controlDirectory = controlDirectory
    self.preferredKeyExchange = preferredKeyExchange
  }

  /// Runs one command line in the login shell of the host.
  ///
  /// - Parameters:
  ///   - command: for the login shell there; parameters never go into it.
  ///   - host: where to.
  ///   - knownHosts: file with the pinned key, where the inventory pins one.
  ///   - asking: what ssh may ask the person at the terminal.
  /// - Returns: arguments without the program's name.
  package func run(
    _ command: String, on host: Host, knownHosts: String?, asking: Asking = .nothing
  ) -> [String] {
    // -k: no Kerberos ticket goes along; as an option some builds of ssh do not know it.
    var arguments = [asking == .onTerminal ? "-tt" : "-T", "-x", "-a", "-k", "-e", "none"]
    for option in fixedOptions(host, asking) { arguments += ["-o", option] }
    for option in hostKeyOptions(host, knownHosts, asking) { arguments += ["-o", option] }
    if let preferredKeyExchange {
      arguments += ["-o", "KexAlgorithms=^\(preferredKeyExchange)"]
    }
    arguments += ["-o", "ConnectTimeout=\(host.ssh.connectTimeout ?? 10)"]
    // 22 is the default; leaving it out lets a Port of the user's configuration count.
    if host.port != 22 { arguments += ["-p", String(host.port)] }
    if let user = host.ssh.user { arguments += ["-l", user] }
    if let identity = host.ssh.identityFile {
      arguments += ["-i", identity, "-o", "IdentitiesOnly=yes"]
    }
    if let jump = host.ssh.jump { arguments += ["-J", jump] }
    return arguments + ["--", host.address, command]
  }

  /// Ends the master behind one control socket; the destination is not used but must be given.
  package func exit(socket: String) -> [String] {
    ["-F", "none", "-o", "ControlPath=\(socket)", "-O", "exit", "--", "none"]
  }

  /// What ssh and the other side may ask (`meshctl prepare` only).
  package enum Asking: Sendable {
    case nothing
    /// ssh asks for host key, password and whatever else the login wants.
    case login
    /// A command there asks on a terminal of its own.
    case onTerminal
  }

  private func fixedOptions(_ host: Host, _ asking: Asking) -> [String] {
    let login =
      asking == .login ? ["BatchMode=no", "NumberOfPasswordPrompts=2"] : ["BatchMode=yes"]
    return login + [
      "ForwardAgent=no", "ForwardX11=no", "ClearAllForwardings=yes",
      "PermitLocalCommand=no", "RemoteCommand=none",
      "RequestTTY=\(asking == .onTerminal ? "force" : "no")", "Tunnel=no",
      "UpdateHostKeys=no", "AddKeysToAgent=no", "LogLevel=ERROR", "SendEnv=-*",
      "ControlMaster=auto", "ControlPath=\(controlPath(host))",
      // A person reads and thinks while the connection waits.
      "ControlPersist=\(asking == .nothing ? "60s" : "900s")",
      "ServerAliveInterval=10", "ServerAliveCountMax=3",
    ]
  }

  /// One socket for one destination *and* pin: `%C` does not know the pinned key, and a second host
  /// entry with another pin must not ride on the first one's connection.
  private func controlPath(_ host: Host) -> String {
    guard case .pinned(let key) = host.ssh.hostKey else { return "\(controlDirectory)/%C" }
    // FNV-1a: short, because socket paths are.
    let hash = key.utf8.reduce(UInt32(2_166_136_261)) { ($0 ^ UInt32($1)) &* 16_777_619 }
    return "\(controlDirectory)/%C" + String(hash, radix: 36)
  }

  private func hostKeyOptions(
    _ host: Host, _ knownHosts: String?, _ asking: Asking
  ) -> [String] {
    switch host.ssh.hostKey {
    case .acceptNew: return ["StrictHostKeyChecking=accept-new"]
    case nil: return ["StrictHostKeyChecking=\(asking == .login ? "ask" : "yes")"]
    case .pinned:
      return [
        "StrictHostKeyChecking=yes", "UserKnownHostsFile=\(knownHosts ?? "/dev/null")",
        "GlobalKnownHostsFile=/dev/null", "HostKeyAlias=\(SSHArguments.alias(host))",
        "CheckHostIP=no", "VerifyHostKeyDNS=no",
      ]
    }
  }

  /// The line of the private known_hosts file for a pinned key.
  package static func knownHostsLine(_ key: String, for host: Host) -> String {
    // Type and base64 only: a comment or a marker has no business here.
    let words = key.split(whereSeparator: \.isWhitespace).prefix(2)
    return "\(alias(host)) \(words.joined(separator: " "))\n"
  }

  /// One name per host, so that address, port and jump do not matter for a pinned key.
  package static func alias(_ host: Host) -> String {
    let name = host.key.unicodeScalars.map { scalar in
      ("a"..."z").contains(scalar) || ("0"..."9").contains(scalar) || scalar == "-" || scalar == "."
        ? String(scalar) : "_\(String(scalar.value, radix: 16))_"
    }
    return "meshctl-" + name.joined()
  }
}

/// The command lines that turn a login into a shell which reads a script; they hold no data of ours.
enum RemoteCommand {
  /// `exec`, so that no login shell stays in between; any login shell knows it.
  static let plain = "exec /bin/sh -s"
  static let sudo = "exec env LC_ALL=C LANG=C sudo -n -- /bin/sh -s"
  static let doas = "exec env LC_ALL=C LANG=C doas -n /bin/sh -s"

  /// Runs a script that lies in a file, on a terminal on which sudo or doas ask; its answer goes into
  /// a file of the same folder, because a terminal mixes everything.
  static func onTerminal(_ way: RootWay.Asker, folder: String) -> String {
    let place = ShellQuoting.quoted(folder)
    return "exec env LC_ALL=C LANG=C \(way.rawValue) /bin/sh \(place)/run"
      + " >\(place)/answer 2>\(place)/errors"
  }
}
