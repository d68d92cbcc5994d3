/// Turns a call into what Windows PowerShell reads from standard input, and its answer into a report.
///
/// The command line is the same for every call (`commandLine`): it holds `bootstrap.ps1` alone, which
/// reads frames of base64 lines, so neither the 8191 characters of cmd.exe nor any code page limits
/// what a script may be. Frame 0 is the script, the others are secrets: these never stand in script
/// text, because Windows may log the text of every script block. A frame ends with its length and the
/// whole with the number of frames, so input that was cut runs nothing.
package enum PowerShellRendering {
  /// Longest line of a frame.
  private static let lineLength = 2000

  /// One fixed line that cmd.exe and PowerShell understand alike: no quote, variable or operator.
  ///
  /// `powershell` by name: `%SystemRoot%` means nothing to a PowerShell, `$env:SystemRoot` nothing to
  /// cmd.exe, and a literal `C:\Windows` is wrong where Windows lies elsewhere. Its folder is on the
  /// machine's PATH, which is what sshd hands on. A PowerShell as login shell leaves standard input
  /// alone, since it reads it only for commands that mention `$input`.
  package static let commandLine =
    "powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass -InputFormat Text"
    + " -OutputFormat Text -EncodedCommand " + encodedCommand(bootstrap)

  /// `bootstrap.ps1` without comments and indentation.
  static let bootstrap = ScriptText.bootstrap.split(separator: "\n")
    .map { $0.drop { $0 == " " } }
    .filter { !$0.isEmpty && !$0.hasPrefix("#") }
    .joined(separator: "\n")

  /// Base64 of UTF-16, as `-EncodedCommand` wants it.
  static func encodedCommand(_ text: String) -> String {
    Base64.encoded(text.utf16.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] })
  }

  /// Renders the whole standard input.
  ///
  /// - Parameters:
  ///   - call: what to run.
  ///   - mark: a fresh random word of letters, digits and `-`; see `report`.
  ///   - secrets: values of the call's slots.
  /// - Returns: ASCII lines, as a secret because they may hold some.
  /// - Throws: `Failure` for a name or value that cannot be handed over, or a missing secret.
  package static func standardInput(
    of call: RemoteCall, mark: String, secrets: [SecretSlot: Secret] = [:]
  ) throws -> Secret {
    var frames = [try script(of: call, mark: mark)]
    for file in call.secretFiles {
      guard let secret = secrets[file.slot], !secret.isEmpty,
        !secret.reveal().unicodeScalars.contains("\0")
      else {
        throw ScriptRendering.unfit("the secret \(file.slot.rawValue) of \(call.script.rawValue)")
      }
      frames.append(secret.reveal())
    }
    return Secret(frames.map(frame).joined() + "!\(frames.count)\n")
  }

  /// The script as the target's PowerShell parses it: prelude, parameters, the script itself.
  package static func script(of call: RemoteCall, mark: String) throws -> String {
    guard let script = ScriptText.of(call.script, on: .windows) else {
      throw ScriptRendering.missing(call.script, on: .windows)
    }
    guard ScriptRendering.isMark(mark) else { throw ScriptRendering.unfit("the mark of the run") }
    var text =
      "& {\n$MeshctlMark = \(PowerShellQuoting.quoted(mark))\n" + ScriptText.windowsPrelude
      + "\ntry {\n"
    for parameter in call.parameters + ScriptText.attachments(of: call.script) {
      guard ScriptRendering.isVariable(parameter.name),
        !parameter.value.unicodeScalars.contains("\0")
      else {
        throw ScriptRendering.unfit("the parameter \(parameter.name) of \(call.script.rawValue)")
      }
      text += assignment(parameter.name, parameter.value)
    }
    for (index, file) in call.secretFiles.enumerated() {
      guard ScriptRendering.isVariable(file.variable) else {
        throw ScriptRendering.unfit("the secret \(file.variable) of \(call.script.rawValue)")
      }
      text += "$Call['\(file.variable)'] = New-SecretFile \(index + 1)\n"
    }
    return text + script
      + "\n} catch {\nWrite-Failure $_\nexit 1\n} finally {\nRemove-SecretFiles\n}\n}\n"
  }

  private static func assignment(_ name: String, _ value: String) -> String {
    "$Call['\(name)'] = \(PowerShellQuoting.quoted(value))\n"
  }

  private static func frame(_ text: String) -> String {
    let digits = Array(Base64.encoded(Array(text.utf8)).utf8)
    let lines = stride(from: 0, to: digits.count, by: lineLength).map {
      String(decoding: digits[$0..<min($0 + lineLength, digits.count)], as: UTF8.self) + "\n"
    }
    return lines.joined() + ".\(digits.count)\n"
  }

  /// The report in a run's standard output.
  ///
  /// A section is one line `<mark> <name> <status> <base64 of its text>` (`-` for an empty text), so
  /// code pages, line ends and stray output of other commands cannot spoil it.
  package static func report(parsing output: String, mark: String) -> ScriptReport {
    var sections: [String: ScriptReport.Section] = [:]
    var isComplete = false
    // A console that writes UTF-16 leaves NULs between ASCII characters, and maybe a byte order mark.
    let scalars = output.unicodeScalars.filter { $0 != "\0" && $0 != "\u{FEFF}" && $0 != "\r" }
    for line in String(String.UnicodeScalarView(scalars)).split(separator: "\n") {
      let words = line.split(separator: " ")
      guard words.count == 4, words[0] == mark, let status = Int(words[2]) else { continue }
      if words[1] == "end" {
        isComplete = true
        break
      }
      guard let bytes = words[3] == "-" ? [] : Base64.decoded(words[3]) else { continue }
      sections[String(words[1])] = ScriptReport.Section(
        status: status, text: text(String(decoding: bytes, as: UTF8.self)))
    }
    return ScriptReport(sections: sections, isComplete: isComplete)
  }

  /// As POSIX scripts answer: line feeds alone, none at the end.
  private static func text(_ text: String) -> String {
    // By scalar: to Swift a carriage return and a line feed are one Character.
    var scalars = text.unicodeScalars.filter { $0 != "\r" && $0 != "\0" && $0 != "\u{FEFF}" }
    while scalars.last == "\n" { scalars.removeLast() }
    return String(String.UnicodeScalarView(scalars))
  }
}
