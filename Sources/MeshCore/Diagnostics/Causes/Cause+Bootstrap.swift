extension Cause {
  static let bootstrap: [Cause] = [
    Cause(
      .bootstrapPerson, "a person has to enable SSH on the host",
      why:
        "No SSH server answers there, and the inventory says no way to enable one. The other hosts"
        + " go on, and the next run goes on with this one.",
      look:
        "What ssh said to the probe: refused, accepted with nothing behind it, or on Windows timed out"
        + " (its firewall drops what nobody listens for; the machine may as well be off).",
      next: "meshctl bootstrap windows --line, and paste what it prints there as administrator",
      "or say how in the inventory: bootstrap: {command: […]} or {oem_dir: …} for HOST"),
    Cause(
      .bootstrapNeeded, "apply enables SSH on the host first",
      why: "No SSH server answers there, and the inventory says how one is enabled. What the host"
        + " needs besides is planned once it was probed.",
      look: "What ssh said to the probe; the command or the folder stands in the plan.",
      next: "look at bootstrap of HOST, then: meshctl apply"),
    Cause(
      .bootstrapCommand, "bootstrap.command failed",
      why:
        "The local command that was to run the script in the guest could not be started, ended with"
        + " an error, took longer than 15 minutes, or the script said that it failed.",
      look: "The line with `FAILED: ` of the script, else the last line of the command's output.",
      next: "meshctl bootstrap linux --host HOST | the command, by hand"),
    Cause(
      .bootstrapNoAnswer, "SSH was enabled, and still no SSH server answers",
      why: "The machine is off, its server listens on another port, or a firewall or a missing port"
        + " forward is in between.",
      look:
        "Two minutes of probes after bootstrap.command; the script's log on the host.",
      passes: true,
      next: "see that HOST is on",
      "look at /var/log/meshctl-enable-ssh.log or"
        + " C:\\Windows\\Logs\\meshctl-enable-ssh.log on HOST", "check port and address of HOST"),
    Cause(
      .bootstrapSetup, "the setup of the machine has not enabled SSH yet",
      why: "Its files are in bootstrap.oem_dir, and Windows setup takes longer than a run waits. A"
        + " machine that was set up before does not read them.",
      look: "The probes of two minutes after the files were there.", passes: true,
      next: "meshctl apply --limit HOST, later",
      "on a machine that is set up already, as administrator: C:\\OEM\\install.bat"),
    Cause(
      .bootstrapKeys, "Windows refuses the login until the keys are in their place",
      why: WindowsLogin.rule + " apply brings them there by what `bootstrap` of the host says.",
      look: "`Permission denied (…)` from ssh; on the host, Get-WinEvent OpenSSH/Operational tells"
        + " `Bad permissions` where it is the ACL.",
      next: "meshctl apply --limit HOST",
      "on HOST, as administrator: setup-ssh-key.ps1 of meshctl bootstrap windows --host HOST --out DIR",
      "on a machine that is set up already, as administrator: C:\\OEM\\install.bat",
      from: "Windows OpenSSH (w32-sshfileperm.c)"),
    Cause(
      .bootstrapNoKeys, "there is no public key to let in",
      why: "SSH would be enabled and nobody could log in.",
      look:
        "`~/.ssh/*.pub`, or the files that bootstrap.authorized_keys or --authorized-keys name.",
      next: "ssh-keygen -t ed25519", "bootstrap: {authorized_keys: FILE} for HOST"),
    Cause(
      .bootstrapPrivateKey, "a private key stands where public ones belong",
      why: "A private key never leaves the machine it was made on.",
      look: "The words PRIVATE KEY in the file; nothing of it is shown.",
      next: "name the .pub file beside it"),
    Cause(
      .bootstrapKeyForm, "a line is no public key",
      why: "A host would pass over it without a word, and refuse the login.",
      look: "The line's number; its text is not shown, since the file may hold anything.",
      next: "ssh-keygen -y -f KEY prints the public half of a key", from: "OpenSSH"),
    Cause(
      .bootstrapFileDiffers, "a file is there already and says something else",
      why: "It is yours, or of another version of meshctl; nothing was written.",
      look: "The files of that name in the folder.",
      next: "look at them, then: meshctl bootstrap windows --out FILE --force",
      "an install.bat of yours may call enable-ssh.ps1 itself"),
    Cause(
      .bootstrapFolder, "the folder holds the keys of this machine",
      why: "An authorized_keys there would let its keys in here.",
      look: "The folder's name behind all links: .ssh.", next: "name another folder"),
  ]
}
