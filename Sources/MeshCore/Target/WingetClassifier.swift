/// What winget's exit codes and texts mean (reference tailscale-client.md §1.4).
package enum WingetClassifier {
  /// One row; `problem` is nil where the package is there.
  package struct Verdict: Sendable, Equatable {
    /// As winget prints it, without the leading `0x8A15`: `002B`.
    package var code: UInt32?
    /// Texts that mean it too.
    package var needles: [String] = []
    package var problem: DiagnosticCode?
    package var words: String
    package var retries = false
    /// What to do, with HOST for the host's key.
    package var hint = ""

    func matches(_ text: String) -> Bool {
      if needles.contains(where: text.contains) { return true }
      guard let code else { return false }
      let digits = String(code, radix: 16)
      return text.lowercased().contains(
        "0x8a15" + String(repeating: "0", count: 4 - digits.count) + digits)
    }
  }

  private static let reset =
    "on HOST, as administrator: winget source reset --force, then: meshctl apply --limit HOST"
  private static let again = "meshctl apply --limit HOST"

  package static let rows: [Verdict] = [
    Verdict(code: 0x2B, needles: ["No applicable upgrade found"], words: "nothing newer"),
    Verdict(code: 0x61, needles: ["already installed"], words: "already installed"),
    Verdict(code: 0x4F, words: "what is installed is newer"),
    Verdict(
      code: 0x5E, needles: ["server certificate did not match", "searching source: msstore"],
      problem: .installSource, words: "a source's certificate is not the expected one",
      hint: "on HOST, as administrator: winget source remove msstore"),
    Verdict(
      code: 0x14, needles: ["No package found matching"], problem: .installSource,
      words: "its source does not know the client", hint: reset),
    Verdict(
      code: 0x0F, needles: ["Data required by the source is missing"], problem: .installSource,
      words: "the data of its source is missing", hint: reset),
    Verdict(code: 0x45, problem: .installSource, words: "its source cannot be opened", hint: reset),
    Verdict(
      code: 0x4B, needles: ["Failed when opening source"], problem: .installSource,
      words: "its source cannot be opened", hint: reset),
    Verdict(
      code: nil, needles: ["Failed in attempting to update the source"], problem: .installSource,
      words: "its source cannot be updated", retries: true, hint: reset),
    Verdict(
      code: 0x46, problem: .installSource, words: "an agreement was not accepted", hint: reset),
    Verdict(
      code: 0x41, problem: .installSource, words: "an agreement was not accepted", hint: reset),
    Verdict(
      code: 0x08, problem: .installDownload, words: "the download failed", retries: true,
      hint: again),
    Verdict(
      code: 0x11, needles: ["Installer hash does not match"], problem: .installSignature,
      words: "the download has another checksum than its manifest says", retries: true, hint: again),
    Verdict(
      code: 0x19, needles: ["requires administrator"], problem: .elevateRefused,
      words: "it needs an administrator", hint: "set ssh.user of HOST to an administrator"),
    Verdict(
      code: 0x102, needles: ["Another installation is already in progress"],
      problem: .installBusy, words: "another installation runs", retries: true, hint: again),
    Verdict(
      code: 0x10, needles: ["No applicable installer found"], problem: .installUnsupported,
      words: "there is no installer for this machine", hint: "set tailscale.mirror of HOST"),
    Verdict(
      code: 0x02, needles: ["Argument name was not recognized"], problem: .installUnsupported,
      words: "this winget is too old", hint: "upgrade App Installer on HOST"),
    Verdict(
      code: nil, needles: ["The file cannot be accessed by the system", "winget: not found"],
      problem: .installSource, words: "winget cannot be used over SSH there",
      hint: "let somebody install Tailscale on HOST, or set tailscale.mirror"),
    Verdict(
      code: 0x1, problem: .installPackage, words: "winget failed inside", retries: true, hint: again
    ),
  ]

  /// The verdict on an exit code; texts decide where the code says nothing.
  ///
  /// - Parameters:
  ///   - code: signed, as a process gives it, or unsigned: -1978335189 is 0x8A15002B.
  ///   - text: what winget printed.
  /// - Returns: never nil; what is not known is a failure.
  package static func verdict(_ code: Int, text: String = "") -> Verdict {
    if code == 0 { return Verdict(code: nil, words: "installed") }
    let bits = UInt32(truncatingIfNeeded: code)
    if bits >> 16 == 0x8A15, let row = rows.first(where: { $0.code == bits & 0xFFFF }) {
      return row
    }
    return rows.first { $0.matches(text) }
      ?? Verdict(
        code: nil, problem: .installPackage,
        words: "winget failed with code 0x" + String(bits, radix: 16, uppercase: true), hint: again)
  }
}
