/// What is to be true on a host once SSH is enabled there.
package struct BootstrapRequest: Sendable, Equatable {
  package var os: OperatingSystem
  /// Who may log in; empty leaves that as it is.
  package var keys: AuthorizedKeys
  /// Whose keys they are; nil leaves it to the script (who called sudo; on Windows the administrators).
  package var user: String?
  /// A port for sshd besides those it has; nil leaves its ports alone.
  package var port: Int?
  /// The only network that an active firewall lets in; nil for all.
  package var remoteAddress: IPPrefix?

  package init(
    os: OperatingSystem, keys: AuthorizedKeys = AuthorizedKeys(), user: String? = nil,
    port: Int? = nil, remoteAddress: IPPrefix? = nil
  ) {
    self.os = os
    self.keys = keys
    self.user = user
    self.port = port
    self.remoteAddress = remoteAddress
  }

  /// The options of the POSIX scripts that are set, quoted.
  func posixOptions(withKeys: Bool) -> String {
    var words: [String] = []
    func add(_ name: String, _ value: String?) {
      if let value { words += [name, ShellQuoting.quoted(value)] }
    }
    add("--user", user)
    add("--port", port.map { String($0) })
    add("--remote-address", remoteAddress?.description)
    if withKeys, !keys.isEmpty { add("--keys-text", keys.text) }
    return words.joined(separator: " ")
  }

  /// The parameters of enable-ssh.ps1 that are set; all of them are plain ASCII.
  var serverParameters: String {
    (port.map { " -Port \($0)" } ?? "")
      + (remoteAddress.map { " -RemoteAddress \($0.description)" } ?? "")
  }
}
