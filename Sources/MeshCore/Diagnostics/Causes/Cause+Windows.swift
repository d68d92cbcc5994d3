extension Cause {
  static let windows: [Cause] = [
    Cause(
      .clientPolicy, "a policy on a Windows host beats what the inventory says",
      why:
        "Values under HKLM\\SOFTWARE\\Policies\\Tailscale, or in syspolicy.json, silently win over"
        + " every flag; LoginURL sends a join to another server.",
      look: "The policies that the probe read.",
      next: #"on HOST: reg query HKLM\SOFTWARE\Policies\Tailscale"#,
      #"on HOST: reg add HKLM\SOFTWARE\Policies\Tailscale /v LoginURL /d URL /f"#,
      from: "tailscale (util/syspolicy, issue 8363)"),
    Cause(
      .targetOtherVPN, "another VPN takes all traffic of a Windows host",
      why:
        "Such programs often block the LAN too, and then neither SSH nor the server is in reach.",
      look: "Interfaces and default routes that the probe read.", passes: true,
      next: "on HOST, end it or let it allow the LAN", "meshctl doctor HOST"),
    Cause(
      .targetReboot, "a Windows host waits for a restart",
      why: "An installation before it is not finished; what comes next may fail until then.",
      look: "msiexec's 3010 or 1641, or the pending restarts that Windows notes.",
      next: "restart HOST", from: "Windows Installer"),
    Cause(
      .targetLocked, "a policy or an antivirus program on a Windows host forbids what is needed",
      why:
        "Scripts run in a constrained language mode, are blocked, or installers are not allowed.",
      look: "The words of PowerShell, or msiexec's 1625, 1640 and 1643.",
      next: "allow PowerShell scripts and installers for that SSH user on HOST",
      from: "Windows PowerShell, Windows Installer"),
    Cause(
      .sshNoPowerShell, "the login on a Windows host runs no PowerShell",
      why: "Its folder is not on the PATH of the SSH service, or the login shell is another one.",
      look: "The words of the login shell; not a line of an answer came back.",
      next: "ssh USER@HOST powershell -Version",
      #"on HOST, add %SystemRoot%\System32\WindowsPowerShell\v1.0 to the machine's PATH"#,
      from: "Windows OpenSSH, cmd.exe"),
    Cause(
      .installBusy, "another installation runs on a Windows host",
      why: "Windows installs one package at a time; meshctl waited and tried again.",
      look: "msiexec's 1618, or winget's 0x8A150102.", passes: true,
      next: "meshctl apply --limit HOST", from: "Windows Installer, winget"),
    Cause(
      .installByWinget, "winget installed the client, since the vendor's MSI was not to be had",
      why:
        "Windows could not fetch the MSI, or it failed there. winget is asked with --source winget"
        + " only: its msstore source fails in many places with a certificate error (0x8A15005E), which"
        + " ends an installation that asks for it too.",
      look: "What curl said of the MSI, or msiexec's exit code, and winget's last line.",
      next: "on HOST: curl -I https://pkgs.tailscale.com/stable/",
      "set tailscale: {mirror: https://…} for HOST", from: "winget (issues 2879, 3444, 3984)"),
    Cause(
      .joinNote, "what waits on a Windows host for a person cannot be believed",
      why: "Somebody else made its folder, others may write there, it is a link, or its note is"
        + " damaged; so nobody knows whether a script with a key waits there.",
      look: "What the probe said of C:\\ProgramData\\meshctl.",
      next: "on HOST: icacls C:\\ProgramData\\meshctl",
      "remove that folder as administrator, then: meshctl apply --limit HOST"),
    Cause(
      .installSource, "winget's source cannot be used on a Windows host",
      why: "Its index is missing or broken, its certificate is not the expected one, or it does not"
        + " work over SSH; the vendor's installer could not be had either.",
      look: "winget's exit code and words.",
      next: "on HOST, as administrator: winget source reset --force",
      "on HOST, as administrator: winget source remove msstore",
      "set tailscale: {mirror: https://…} for HOST", from: "winget (issues 2879, 3444, 4272)"),
    Cause(
      .installSignature, "what was downloaded is not the vendor's installer",
      why: "Its size, checksum or signature is not as it should be, so it was not run.",
      look: "What the check said: a captive portal's page, another checksum, another signer.",
      next: "check tailscale.mirror and tailscale.sha256 of HOST"),
  ]
}
