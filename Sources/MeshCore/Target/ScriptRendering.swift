/// Turns a call into the text that a target's `sh -s` reads from standard input.
///
/// Everything stands inside one `{ … }` group: the shell parses it whole before the first command
/// runs, so a connection that breaks while sending runs nothing. Parameters are quoted assignments,
/// never exported; secrets are here-documents into 0600 files of a private directory that the
/// script's EXIT trap removes. Their standard input is `/dev/null`, so that no
/// program in them eats the rest of the script.
package enum ScriptRendering {
  /// Renders the whole standard input.
  ///
  /// - Parameters:
  ///   - call: what to run.
  ///   - mark: a fresh random word of letters, digits and `-`; see `ScriptReport`.
  ///   - secrets: values of the call's slots.
  ///   - os: of the target.
  ///   - removingItself: true where the text will be run from a file in a private directory (a sudo
  ///     that reads a password from standard input); the script then removes both first.
  /// - Returns: the text, as a secret because it may hold some.
  /// - Throws: `Failure` for a name or value that no shell can hold, or a missing secret.
  package static func standardInput(
    of call: RemoteCall, mark: String, secrets: [SecretSlot: Secret] = [:],
    on os: OperatingSystem = .linux, removingItself: Bool = false
  ) throws -> Secret {
    guard let script = ScriptText.of(call.script, on: os) else {
      throw missing(call.script, on: os)
    }
    guard isMark(mark) else { throw unfit("the mark of the run") }
    let removal = removingItself ? "rm -f -- \"$0\"\nrmdir -- \"${0%/*}\"\n" : ""
    if call.isDetached, os == .linux {
      guard call.secretFiles.isEmpty else { throw unfit("a secret of \(call.script.rawValue)") }
      return Secret(try detached(call, script: script, mark: mark, removal: removal))
    }
    return Secret(
      try group(call, script: script, mark: mark, secrets: secrets, before: removal))
  }

  /// The whole of a script as one `{ … }` group.
  private static func group(
    _ call: RemoteCall, script: String, mark: String, secrets: [SecretSlot: Secret],
    before: String = ""
  ) throws -> String {
    var text = "{\n" + before + assignment("MESHCTL_MARK", mark) + ScriptText.prelude
    for parameter in call.parameters {
      guard isVariable(parameter.name), !parameter.value.unicodeScalars.contains("\0") else {
        throw unfit("the parameter \(parameter.name) of \(call.script.rawValue)")
      }
      text += assignment(parameter.name, parameter.value)
    }
    for file in call.secretFiles {
      text += try secretFile(file, in: call, mark: mark, secrets: secrets)
    }
    return text + script + "\n}\n"
  }

  /// The script as a file that another one starts apart from the connection and waits for; its answer
  /// carries a mark of its own, because a later call may be the one that reads it.
  private static func detached(
    _ call: RemoteCall, script: String, mark: String, removal: String
  ) throws -> String {
    let job = "\(mark)-job"
    let end = "END-\(mark)"
    let inner = try group(call, script: script, mark: job, secrets: [:])
    guard !inner.split(separator: "\n").contains(Substring(end)) else {
      throw unfit("a parameter of \(call.script.rawValue)")
    }
    let name = ([call.script.rawValue] + call.parameters.map { "\($0.name)=\($0.value)" })
      .joined(separator: "\n")
    return "{\n" + removal + assignment("MESHCTL_MARK", mark) + ScriptText.prelude
      + assignment("JOB", name) + assignment("JOB_MARK", job)
      // Less than the call waits, so that it can still say what it waited for.
      + assignment("JOB_LIMIT", String(max(30, call.timeout * 9 / 10)))
      + "meshctl_mkdir\ncat >\"$MESHCTL_TMP/job\" <<'\(end)' || exit 73\n" + inner + end + "\n"
      + ScriptText.detach + "\n}\n"
  }

  private static func secretFile(
    _ file: RemoteCall.SecretFile, in call: RemoteCall, mark: String, secrets: [SecretSlot: Secret]
  ) throws -> String {
    let end = "END-\(mark)"
    guard isVariable(file.variable), let secret = secrets[file.slot], !secret.isEmpty else {
      throw unfit("the secret \(file.slot.rawValue) of \(call.script.rawValue)")
    }
    let value = secret.reveal()
    guard !value.unicodeScalars.contains("\0"),
      !value.split(separator: "\n", omittingEmptySubsequences: false).contains(Substring(end))
    else { throw unfit("the secret \(file.slot.rawValue) of \(call.script.rawValue)") }
    return """
      meshctl_mkdir
      unset \(file.variable)
      \(file.variable)=$MESHCTL_TMP/\(file.variable)
      (umask 077 && cat >"$\(file.variable)") <<'\(end)' || exit 73
      \(value)
      \(end)

      """
  }

  /// `unset` first: a variable of that name in the login's environment would be exported.
  private static func assignment(_ name: String, _ value: String) -> String {
    "unset \(name)\n\(name)=\(ShellQuoting.quoted(value))\n"
  }

  /// Upper-case names that the shell and the prelude leave alone.
  static func isVariable(_ name: String) -> Bool {
    guard let first = name.unicodeScalars.first, ("A"..."Z").contains(first) else { return false }
    return name.unicodeScalars.allSatisfy {
      ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
    } && !name.hasPrefix("MESHCTL_") && !reserved.contains(name)
  }

  private static let reserved: Set = [
    "PATH", "HOME", "IFS", "ENV", "PWD", "OLDPWD", "PS1", "PS2", "PS4", "LANG", "LC_ALL", "TMPDIR",
    "OPTIND", "OPTARG", "PPID", "UID", "EUID", "USER", "SHELL",
  ]

  static func missing(_ script: ScriptName, on os: OperatingSystem) -> Failure {
    Failure(
      .targetUnsupported, "\(script.rawValue) is not supported on \(os.rawValue)",
      detail: "There is no script for it.", hint: "do it there by hand, then run meshctl again")
  }

  static func isMark(_ text: String) -> Bool {
    !text.isEmpty && text.unicodeScalars.allSatisfy(isMarkScalar)
  }

  private static func isMarkScalar(_ scalar: Unicode.Scalar) -> Bool {
    ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
      || scalar == "-"
  }

  static func unfit(_ what: String) -> Failure {
    Failure(
      .scriptValue, "\(what) cannot be handed to a shell",
      detail: "It is missing, or holds a character that no shell variable can hold.")
  }
}
