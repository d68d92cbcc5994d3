/// What keeps a key out on Windows, and how it gets in (reference tailscale-client.md §4).
package enum WindowsLogin {
  /// Why a key that works elsewhere counts for nothing there; a refused client is not told which of the
  /// two it was.
  package static let rule =
    #"Windows takes an administrator's keys from C:\ProgramData\ssh\administrators_authorized_keys"#
    + " only, and only while its ACL lets in nobody but Administrators and SYSTEM; a key in that"
    + #" user's own .ssh\authorized_keys is passed over."#

  /// What writes the files that put both right; `inventory` where it is not at its usual place.
  package static func bundle(_ host: Host, inventory: String = "./inventory.yaml") -> String {
    let isStandard = inventory == "inventory.yaml" || inventory == "./inventory.yaml"
    let words =
      ["meshctl bootstrap windows --host", ShellQuoting.word(host.key)]
      + (isStandard ? [] : ["--inventory", ShellQuoting.word(inventory)])
      + ["--out", ShellQuoting.word("enable-ssh-" + host.key)]
    return words.joined(separator: " ")
  }

  /// The finding of a login that was refused.
  package static func refusal(_ host: Host, evidence: String?) -> Diagnostic {
    Diagnostic(
      .sshAuthentication, .error, "SSH refused the login on \(host.key)",
      detail: "No key of yours (agent, identity_file, configuration) is accepted for that user.\n"
        + rule, evidence: evidence,
      hint: bundle(host) + ", and run its setup-ssh-key.ps1 on \(host.key) as administrator",
      host: host.key)
  }
}
