import MeshCore

/// Runs a script as root by a sudo that asks for a password, all in one `sh -s`.
///
/// The login user's shell puts the script into a private directory, gives it to sudo as a file, waits,
/// and removes the directory however that ends. So nothing stays on the host when the controller is
/// killed: input that was cut runs nothing, and what runs cleans up behind itself.
enum PasswordScript {
  /// Standard input for `sh -s`.
  ///
  /// - Parameters:
  ///   - script: the rendered script; it removes file and directory itself as soon as it runs.
  ///   - password: one line; it goes to sudo through a pipe, and is in no command line.
  ///   - mark: a fresh random word.
  /// - Returns: the text, which holds the password.
  static func text(of script: Secret, password: Secret, mark: String) -> Secret {
    let scriptEnd = "SCRIPT-\(mark)"
    let passwordEnd = "PASSWORD-\(mark)"
    return Secret(
      """
      {
      umask 077
      # What a machine that went down in the middle left; no script runs as long as this.
      find /tmp -maxdepth 1 -type d -name 'meshctl.*' -user "$(id -u)" -mmin +60 \
        -exec rm -rf {} + 2>/dev/null
      folder=$(mktemp -d /tmp/meshctl.XXXXXXXXXX) || exit 73
      trap 'rm -rf "$folder"' EXIT
      trap 'exit 129' HUP INT PIPE TERM
      cat >"$folder/run" <<'\(scriptEnd)' || exit 73
      \(script.reveal())
      \(scriptEnd)
      # Older shells write a here-document to a file; so it is used only where `printf` would be a
      # program, with the password in its command line.
      case $(type printf 2>/dev/null) in
        *builtin*) printf '%s\\n' \(ShellQuoting.quoted(password.reveal())) | \(sudo) ;;
        *) \(sudo) <<'\(passwordEnd)'
      \(password.reveal())
      \(passwordEnd)
          ;;
      esac
      exit
      } </dev/null

      """)
  }

  /// `-k`: with a remembered password sudo would leave the line to the script.
  private static let sudo =
    #"env LC_ALL=C LANG=C sudo -k -S -p '' -- /bin/sh "$folder/run""#
}
