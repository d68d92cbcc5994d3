extension Cause {
  static let ssh: [Cause] = [
    Cause(
      .sshResolve, "the host's address does not resolve on the controller",
      why: "meshctl asks the system's OpenSSH, which looks for the host under that name.",
      look: "`Could not resolve hostname` from ssh.",
      next: "set address of HOST to an address, or to a name that resolves here", from: "OpenSSH"),
    Cause(
      .sshRefused, "nothing listens on the host's SSH port",
      why: "The machine is up, but its SSH server is not, or has another port. A fresh Windows has"
        + " none.",
      look: "`Connection refused` from ssh.",
      next: "check port of HOST",
      "start sshd there; on Windows: meshctl bootstrap windows --out DIR",
      from: "OpenSSH"),
    Cause(
      .sshNoBanner, "connections are accepted, but no SSH server answers",
      why:
        "A port forward (Docker, a VM, a router) with nothing behind it looks so, and a server that"
        + " is overloaded or bans this machine.",
      look: "`kex_exchange_identification` with a closed or reset connection from ssh.",
      next: "start sshd on HOST", "ss -ltnp, where the port is forwarded, says who listens",
      from: "OpenSSH"),
    Cause(
      .sshUnreachable, "the host does not answer on its SSH port",
      why: "It is off, or a firewall or another VPN is in between.",
      look: "`timed out`, `No route to host` and the like from ssh.", passes: true,
      next: "ssh -v USER@ADDRESS", "leave it out for now: --exclude HOST", from: "OpenSSH"),
    Cause(
      .sshHostKeyUnknown, "the host's SSH key is not known",
      why: "An unknown host could be anybody, so nothing is sent to it.",
      look: "`Host key verification failed` from ssh.",
      next: "ssh-keyscan -p PORT ADDRESS, compare the fingerprint, add it to ~/.ssh/known_hosts",
      "or pin it: ssh: {host_key: \"ssh-ed25519 …\"} for HOST",
      "or take the first one: ssh: {host_key: accept-new}", from: "OpenSSH"),
    Cause(
      .sshHostKeyChanged, "the host shows another SSH key than the known one",
      why: "It was reinstalled, or somebody else answers at that address. Nothing was sent to it.",
      look: "`REMOTE HOST IDENTIFICATION HAS CHANGED` from ssh, with the new fingerprint.",
      next: "find out which; if it was reinstalled: ssh-keygen -R ADDRESS, or correct ssh.host_key",
      from: "OpenSSH"),
    Cause(
      .sshAuthentication, "SSH refused the login",
      why: "No key of yours (agent, identity_file, configuration) is accepted for that user. "
        + WindowsLogin.rule,
      look: "`Permission denied (…)` from ssh, which lists what the host would accept.",
      next: "ssh -v USER@ADDRESS", "check ssh.user and ssh.identity_file of HOST",
      "Windows: meshctl bootstrap windows --host HOST --out DIR, and run its setup-ssh-key.ps1 there"
        + " as administrator", from: "OpenSSH"),
    Cause(
      .sshJump, "the jump host in between cannot be used",
      why: "The connection to it failed, or it may not reach the host.",
      look: "`stdio forwarding failed`, `UNKNOWN port 65535` from ssh.", passes: true,
      next: "ssh JUMP-HOST", "check ssh.jump of HOST", from: "OpenSSH"),
    Cause(
      .sshLost, "the connection broke before the script ended",
      why: "What it was doing may have been done; the next run looks first.",
      look: "A report without its last line, and ssh's own words.", passes: true,
      next: "meshctl plan --probe --limit HOST", from: "OpenSSH"),
    Cause(
      .sshTimeout, "the script on the host did not end in time",
      why: "The host is busy or hangs; its processes end themselves a little later.",
      look: "How long meshctl waited, and what the script had said by then.", passes: true,
      next: "meshctl plan --probe --limit HOST"),
    Cause(
      .sshNoShell, "the login gives no POSIX shell",
      why: "A forced command, a shell that reads no script, or another system than the inventory"
        + " says.",
      look: "Not one line of the probe's answer came back.",
      next: "ssh USER@ADDRESS 'exec /bin/sh -s' </dev/null", "set os: windows where it runs Windows"
    ),
    Cause(
      .sshProgram, "the ssh program cannot be run or refuses its options",
      why: "It is not installed here, too old, or does not accept a line of your configuration.",
      look: "ssh's own words on standard error.",
      next: "ssh -G ADDRESS", "install the OpenSSH client here", from: "OpenSSH"),
    Cause(
      .sshFailed, "ssh failed with words that meshctl does not know",
      why: "Its exit status is 255, so it is about the connection and not about the host.",
      look: "The last line of its output.", passes: true, next: "ssh -v USER@ADDRESS",
      from: "OpenSSH"),
    Cause(
      .scriptValue, "a value cannot be handed to the host's shell",
      why: "It holds a character that no shell variable can hold, or a secret is missing.",
      look: "The parameter's name; its value is never shown.",
      next: "correct that value in the inventory; where it looks right, report a defect of meshctl"),
    Cause(
      .targetOSDiffers, "the host runs another operating system than the inventory says",
      why: "The steps of another system would do harm or nothing, so none was tried.",
      look: "`uname -s`, or the words of cmd.exe and PowerShell.",
      next: "set os: linux, macos or windows for HOST"),
    Cause(
      .targetUnsupported, "this version cannot change hosts of that system",
      why: "Its node is still compared, and changed where only the server is asked.",
      look: "os of the host, or what `uname` says there.",
      next: "join HOST by hand and pin it with machine_key"),
  ]
}
