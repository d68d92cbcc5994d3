import MeshCore

/// Brings a script into a private directory on a host, as the login user, where sudo or doas ask on a
/// terminal and no stream is left for it.
enum ScriptUpload {
  /// Standard input for `sh -s`; answers with a section `folder`.
  static func text(of script: Secret, mark: String) -> Secret {
    let end = "UPLOAD-\(mark)"
    return Secret(
      """
      {
      umask 077
      # What a controller that was killed left; no script runs as long as this.
      find /tmp -maxdepth 1 -type d -name 'meshctl.*' -user "$(id -u)" -mmin +60 \
        -exec rm -rf {} + 2>/dev/null
      folder=$(mktemp -d /tmp/meshctl.XXXXXXXXXX) || exit 73
      trap 'rm -rf "$folder"' EXIT
      trap 'exit 129' HUP INT PIPE TERM
      cat >"$folder/run" <<'\(end)' || exit 73
      \(script.reveal())
      \(end)
      printf '%s folder 0\\n%s\\n%s end 0\\n' \(mark) "$folder" \(mark) || exit 74
      trap - EXIT
      exit 0
      } </dev/null

      """)
  }

  /// What `mktemp` gives, and nothing that a command line could take for more.
  static func isFolder(_ text: String) -> Bool {
    text.hasPrefix("/tmp/meshctl.")
      && text.dropFirst("/tmp/meshctl.".count).unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0)
      }
  }
}
