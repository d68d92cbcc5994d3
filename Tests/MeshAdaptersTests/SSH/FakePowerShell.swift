import Foundation

/// A stand-in for powershell.exe, with the line ends, noise and wrong exit codes of Windows.
///
/// It reads meshctl's frames like bootstrap.ps1 and runs no PowerShell: what a script would answer is
/// given by the test.
enum FakePowerShell {
  /// The program's text.
  ///
  /// - Parameters:
  ///   - folder: where it writes what it was handed: `argv`, `environment`, `frame-0`, …
  ///   - answers: Python: a list of `(name, status, text)`; `frames` holds what arrived.
  ///   - style: `plain`, `crlf`, `utf16`, or `cut` (no end).
  ///   - noise: what goes to standard output in front of the answers.
  ///   - error: what goes to standard error.
  ///   - status: its exit code.
  /// - Returns: a Python script.
  static func text(
    folder: String, answers: String, style: String = "crlf", noise: String = "", error: String = "",
    status: Int = 0
  ) -> String {
    """
    #!/usr/bin/env python3
    import base64, os, re, sys
    folder, style = \(quoted(folder)), \(quoted(style))
    open(folder + "/argv", "w").write("\\n".join(sys.argv))
    open(folder + "/environment", "w").write(repr(dict(os.environ)))
    frames, frame, whole = [], "", False
    for line in sys.stdin:
        line = line.strip()
        if line.startswith("."):
            if len(frame) != int(line[1:]): break
            frames.append(base64.b64decode(frame).decode())
            frame = ""
        elif line.startswith("!"):
            whole = len(frames) == int(line[1:])
            break
        else:
            frame += line
    if not whole:
        sys.stderr.write("MESHCTL-INPUT-CUT: the script did not arrive whole, nothing was run\\r\\n")
        sys.exit(74)
    for number, text in enumerate(frames):
        open(f"{folder}/frame-{number}", "w").write(text)
    mark = re.match(r"& \\{\\n\\$MeshctlMark = '([^']+)'", frames[0]).group(1)
    answers = \(answers)
    said = \(quoted(noise))
    for name, code, text in answers + ([] if style == "cut" else [("end", 0, "")]):
        data = base64.b64encode(text.encode()).decode() or "-"
        said += f"\\n{mark} {name} {code} {data}\\n"
    if style != "plain": said = said.replace("\\n", "\\r\\n")
    data = said.encode("utf-16") if style == "utf16" else said.encode()
    sys.stdout.buffer.write(data)
    sys.stderr.write(\(quoted(error)))
    sys.exit(\(status))

    """
  }

  /// A Python literal.
  private static func quoted(_ text: String) -> String {
    let escaped = text.unicodeScalars.map { scalar in
      switch scalar {
      case "\\": "\\\\"
      case "\"": "\\\""
      case "\n": "\\n"
      case "\r": "\\r"
      default: String(scalar)
      }
    }
    return "\"" + escaped.joined() + "\""
  }
}
