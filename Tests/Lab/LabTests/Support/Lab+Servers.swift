import Foundation

/// Control servers and ways to them beside the lab's own REST interface.
extension Lab {
  /// A second control server, which hosts may be joined to.
  func otherServer() async throws -> ControlServer {
    try await sh("other-server", "start")
    let key = try String(contentsOfFile: state + "/other.key", encoding: .utf8)
    var url = try parts
    url.port = 8090
    return try ControlServer(
      url: url.string ?? "", key: key.trimmingCharacters(in: .newlines))
  }

  var serverAddress: String {
    get throws { try parts.host ?? "" }
  }

  private var parts: URLComponents {
    get throws {
      guard let parts = URLComponents(string: server.url) else {
        throw ControlServer.Refusal(description: "no URL: \(server.url)")
      }
      return parts
    }
  }

  /// A URL of the lab's server whose name only this machine resolves, as mDNS on one of two networks.
  var localURL: String {
    get throws {
      var url = try parts
      url.host = Lab.localName
      return url.string ?? ""
    }
  }

  private static let localName = "labmesh.local"

  /// The /etc/hosts that meshctl sees.
  func writeHostsFile() throws {
    let text = try String(contentsOfFile: "/etc/hosts", encoding: .utf8)
    try (text + "\n\(try serverAddress) \(Lab.localName)\n").write(
      toFile: work("files/hosts"), atomically: true, encoding: .utf8)
  }

  /// What a person would have in `~/.ssh/config` to reach the control server's machine.
  func writeSSHConfig() throws {
    let text = """
      Host \(try serverAddress)
        IdentityFile \(description.ssh.identityFile)
        IdentitiesOnly yes
        UserKnownHostsFile \(state)/shell/known_hosts
        StrictHostKeyChecking yes

      """
    try text.write(toFile: work("ssh/config"), atomically: true, encoding: .utf8)
  }

  func removeSSHConfig() {
    // The other way in has none.
    try? FileManager.default.removeItem(atPath: work("ssh/config"))
  }
}
