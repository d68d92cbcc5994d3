/// Tells from standard error why a script of ours did not run on Windows at all.
package enum PowerShellClassifier {
  private struct Row {
    var needle: String
    var code: DiagnosticCode
    /// What happened, with HOST where the host's key belongs.
    var message: String
    var detail: String
    var hint: String
  }

  /// First row that matches wins.
  private static let rows: [Row] = [
    Row(
      needle: "MESHCTL-INPUT-CUT", code: .sshLost,
      message: "the script did not arrive whole on HOST",
      detail: "Nothing was run. SSH servers of Windows before 2018 cut long input.",
      hint: "upgrade OpenSSH on HOST, then: meshctl plan --probe --limit HOST"),
    Row(
      needle: "blocked by your antivirus", code: .targetLocked,
      message: "an antivirus program on HOST blocks the script",
      detail: "It takes meshctl's PowerShell for something harmful.",
      hint: "allow PowerShell scripts of that SSH user on HOST"),
    Row(
      needle: "language mode", code: .targetLocked,
      message: "PowerShell on HOST runs in a constrained language mode",
      detail: "A policy (AppLocker, App Control) allows signed scripts only.",
      hint: "allow full PowerShell for that SSH user on HOST"),
    Row(
      needle: "blocked by group policy", code: .targetLocked,
      message: "a policy on HOST forbids PowerShell", detail: "meshctl has no other way there.",
      hint: "allow PowerShell for that SSH user on HOST"),
    Row(
      needle: "'powershell' is not recognized", code: .sshNoPowerShell,
      message: "the login on HOST finds no PowerShell",
      detail: "Its folder is not on the PATH of the SSH service.",
      hint:
        #"on HOST, add %SystemRoot%\System32\WindowsPowerShell\v1.0 to the machine's PATH, then"#
        + " restart sshd"),
    Row(
      needle: "'powershell' is not recognized as the name of a cmdlet", code: .sshNoPowerShell,
      message: "the login on HOST finds no PowerShell",
      detail: "Its folder is not on the PATH of the SSH service.",
      hint:
        #"on HOST, add %SystemRoot%\System32\WindowsPowerShell\v1.0 to the machine's PATH, then"#
        + " restart sshd"),
    Row(
      needle: "command line is too long", code: .sshNoPowerShell,
      message: "the login shell on HOST does not take meshctl's command",
      detail: "It allows shorter lines than cmd.exe.",
      hint: #"on HOST, set DefaultShell in HKLM\SOFTWARE\OpenSSH to powershell.exe or remove it"#),
    Row(
      needle: "powershell: command not found", code: .targetOSDiffers,
      message: "HOST does not run Windows", detail: notWindows, hint: "set os: linux for HOST"),
    Row(
      needle: "powershell: not found", code: .targetOSDiffers, message: "HOST does not run Windows",
      detail: notWindows, hint: "set os: linux for HOST"),
    Row(
      needle: "command not found: powershell", code: .targetOSDiffers,
      message: "HOST does not run Windows", detail: notWindows, hint: "set os: macos for HOST"),
    Row(
      needle: "Unknown command: powershell", code: .targetOSDiffers,
      message: "HOST does not run Windows", detail: notWindows, hint: "set os: linux for HOST"),
  ]

  private static let notWindows =
    "A POSIX shell answered; the steps of another system would do harm or nothing, so none was tried."

  /// Nil where the text is none of these.
  package static func diagnostic(of text: String, on host: Host) -> Diagnostic? {
    guard let row = rows.first(where: { text.contains($0.needle) }) else { return nil }
    func named(_ text: String) -> String { text.replacing("HOST", with: host.key) }
    return Diagnostic(
      row.code, .error, named(row.message), detail: row.detail,
      evidence: TextEvidence.line(containing: row.needle, in: text), hint: named(row.hint),
      host: host.key)
  }
}
