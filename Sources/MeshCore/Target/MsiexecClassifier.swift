/// What msiexec's exit codes mean (reference tailscale-client.md §1.4).
package enum MsiexecClassifier {
  /// One code; `problem` is nil where the installer has done its work.
  package struct Verdict: Sendable, Equatable {
    package var code: Int
    package var problem: DiagnosticCode?
    package var words: String
    /// True where the same call may succeed later.
    package var retries: Bool
    /// What to do, with HOST for the host's key.
    package var hint: String
  }

  private static let again = "meshctl apply --limit HOST"
  private static let log = #"on HOST: msiexec /i FILE.msi /l*v C:\temp\ts.log, and read its end"#

  package static let rows: [Verdict] = [
    done(0, "installed"),
    done(3010, "installed; Windows wants a restart"),
    done(1641, "installed; Windows restarts"),
    row(1618, .installBusy, "another installation runs", retries: true, again),
    row(1638, .installPackage, "another version is installed", "set tailscale.version of HOST"),
    row(1603, .installPackage, "the installer failed", log),
    row(1602, .installPackage, "somebody cancelled the installation", again),
    row(
      1601, .installPackage, "the Windows Installer service cannot be reached", retries: true,
      "on HOST: Restart-Service msiserver, then: \(again)"),
    row(
      1605, .installPackage, "the installed version is not known to Windows",
      "on HOST: uninstall Tailscale in Settings, then: \(again)"),
    row(
      1612, .installPackage, "the source of the installed version is gone",
      "on HOST: uninstall Tailscale in Settings, then: \(again)"),
    row(1619, .installSignature, "the file is not an installer", "check tailscale.mirror of HOST"),
    row(
      1620, .installSignature, "the file is not a valid installer",
      "check tailscale.mirror of HOST"),
    row(
      1625, .targetLocked, "a policy forbids the installation",
      "allow Windows Installer packages on HOST"),
    row(
      1633, .installUnsupported, "the package is for another processor",
      "meshctl plan --probe --limit HOST"),
    row(
      1640, .targetLocked, "a policy forbids installing in a remote session",
      "let somebody install Tailscale on HOST"),
    row(
      1643, .targetLocked, "a policy forbids the installation",
      "allow Windows Installer packages on HOST"),
    row(124, .installPackage, "the installer did not end in time", retries: true, again),
    row(5, .elevateRefused, "Windows denies access", "set ssh.user of HOST to an administrator"),
  ]

  /// Never nil: a code that is not listed is a failure.
  package static func verdict(_ code: Int) -> Verdict {
    rows.first { $0.code == code }
      ?? row(code, .installPackage, "the installer failed with code \(code)", log)
  }

  private static func done(_ code: Int, _ words: String) -> Verdict {
    Verdict(code: code, problem: nil, words: words, retries: false, hint: "")
  }

  private static func row(
    _ code: Int, _ problem: DiagnosticCode, _ words: String, retries: Bool = false, _ hint: String
  ) -> Verdict {
    Verdict(code: code, problem: problem, words: words, retries: retries, hint: hint)
  }
}
