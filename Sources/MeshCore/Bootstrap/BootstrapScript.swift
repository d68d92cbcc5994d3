/// The enable-ssh script as one text with the public keys inside: for a program that runs what it reads
/// from standard input (`bootstrap.command`).
package enum BootstrapScript {
  /// The text for one request.
  ///
  /// POSIX: one `{ … }` group, so that input which is cut runs nothing. Windows: two blocks without an
  /// empty line in them, each followed by one, because `powershell -Command -` reads like a person
  /// types: an empty line runs what stands there so far, and the end of input runs nothing.
  package static func standardInput(_ request: BootstrapRequest) -> String {
    switch request.os {
    case .linux: posix(BootstrapText.linux, request)
    case .macos: posix(BootstrapText.macos, request)
    case .windows:
      block(BootstrapText.windowsServer, request.serverParameters)
        + (request.keys.isEmpty
          ? ""
          : block(
            BootstrapText.windowsKeys,
            (request.user.map { " -User " + data($0) } ?? "") + " -KeysText "
              + data(request.keys.text)))
    }
  }

  private static func posix(_ script: String, _ request: BootstrapRequest) -> String {
    let options = request.posixOptions(withKeys: true)
    return "{\nset --" + (options.isEmpty ? "" : " ") + options + "\n" + BootstrapText.prelude
      + script + "}\n"
  }

  private static func block(_ script: String, _ parameters: String) -> String {
    let lines = script.split(separator: "\n").filter { line in
      line.contains { !$0.isWhitespace }
    }
    return (["& {"] + lines + ["}" + parameters]).joined(separator: "\n") + "\n\n"
  }

  /// Any text as a PowerShell expression of plain ASCII: standard input is decoded by whatever code
  /// page the machine has, and PowerShell takes typographic quotes for quotes.
  static func data(_ text: String) -> String {
    "([Text.Encoding]::UTF8.GetString([Convert]::FromBase64String('\(base64(text))')))"
  }

  private static func base64(_ text: String) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    let bytes = Array(text.utf8)
    var result = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let group = bytes[start..<min(start + 3, bytes.count)]
      let bits = group.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } << (8 * UInt32(3 - group.count))
      for place in 0..<4 {
        if place > group.count {
          result.append("=")
        } else {
          result.append(alphabet[Int(bits >> (18 - 6 * UInt32(place)) & 63)])
        }
      }
    }
    return result
  }
}
