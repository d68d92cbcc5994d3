/// The one line that a person pastes where nothing else reaches: it enables SSH and adds the keys.
///
/// Short enough for a console, so it does the common case only; the scripts of `BootstrapBundle` do all.
package enum BootstrapLine {
  /// - Throws: `Failure` (`MESH-BOOTSTRAP-KEY-FORM`) for keys with options, which the line would lose.
  package static func of(_ request: BootstrapRequest) throws(Failure) -> String {
    if let key = request.keys.keys.first(where: \.hasOptions) {
      throw Failure(
        .bootstrapKeyForm, "--line cannot carry the key \(key.type) …\(key.blob.suffix(12))",
        detail: "Options stand in front of it (restrict, from=, command=, …); the line holds type"
          + " and base64 only, so the key would be let in without them.",
        hint: "meshctl bootstrap \(request.os.rawValue) --out FOLDER keeps them; without --line it"
          + " prints a script that does")
    }
    return switch request.os {
    case .linux: linux(request)
    case .macos: macos(request)
    case .windows: windows(request)
    }
  }

  /// Type and base64 only: what a person pastes holds nothing that is not needed.
  private static func keys(_ request: BootstrapRequest) -> [String] {
    request.keys.keys.map { "\($0.type) \($0.blob)" }
  }

  private static func linux(_ request: BootstrapRequest) -> String {
    let install =
      [
        "apt-get install -y openssh-server", "dnf install -y openssh-server",
        "zypper -n install openssh", "pacman -S --noconfirm openssh", "apk add openssh",
      ].map { command in
        "if command -v \(command.prefix { $0 != " " }) >/dev/null; then \(command);"
      }.joined(separator: " else ") + String(repeating: " fi;", count: 5)
    let script =
      "PATH=$PATH:/usr/sbin; { command -v sshd >/dev/null || { \(install) }; } && ssh-keygen -A && "
      + "{ systemctl enable --now ssh 2>/dev/null || systemctl enable --now sshd 2>/dev/null || "
      + "{ rc-update add sshd; rc-service sshd start; }; }"
    return "sudo sh -c \(ShellQuoting.quoted(script))" + append(request)
  }

  private static func macos(_ request: BootstrapRequest) -> String {
    // bootstrap fails where the service is there already.
    "sudo launchctl enable system/com.openssh.sshd && "
      + "{ sudo launchctl print system/com.openssh.sshd >/dev/null 2>&1 || "
      + "sudo launchctl bootstrap system /System/Library/LaunchDaemons/ssh.plist; }"
      + append(request)
  }

  /// The keys of whoever pastes the line.
  private static func append(_ request: BootstrapRequest) -> String {
    let lines = keys(request)
    guard !lines.isEmpty else { return "" }
    let words = lines.map(ShellQuoting.quoted).joined(separator: " ")
    // In a subshell, for the umask; a key that is there, with options maybe, is not added again. An
    // empty line first: what is there may lack its last line feed.
    return " && (umask 077; f=~/.ssh/authorized_keys; mkdir -p ~/.ssh && for k in \(words); do "
      + "grep -v '^ *#' \"$f\" 2>/dev/null | grep -qF \"$k\" || "
      + "printf '\\n%s\\n' \"$k\" >>\"$f\"; done)"
  }

  private static func windows(_ request: BootstrapRequest) -> String {
    var steps = [
      "if (!(Get-Service sshd -EA 0)) {Add-WindowsCapability -Online -Name OpenSSH.Server~~~~0.0.1.0}",
      "Set-Service sshd -StartupType Automatic", "Start-Service sshd",
      "if (Get-NetFirewallRule -Name OpenSSH-Server-In-TCP -EA 0) "
        + "{Set-NetFirewallRule -Name OpenSSH-Server-In-TCP -Enabled True -Profile Any} else "
        + "{New-NetFirewallRule -Name OpenSSH-Server-In-TCP -DisplayName sshd -Profile Any "
        + "-Direction Inbound -Protocol TCP -Action Allow -LocalPort 22}",
    ]
    let lines = keys(request)
    if !lines.isEmpty {
      let words = ([""] + lines).map { "'\($0)'" }.joined(separator: ",")
      steps += [
        "$f=\"$env:ProgramData\\ssh\\administrators_authorized_keys\"",
        "[IO.File]::AppendAllLines($f,[string[]](\(words)))",
        "icacls $f /inheritance:r /grant:r *S-1-5-32-544:F *S-1-5-18:F",
      ]
    }
    return steps.joined(separator: "; ")
  }
}
