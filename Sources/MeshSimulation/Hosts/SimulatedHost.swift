package import MeshCore

/// A Linux machine as far as meshctl's scripts look at it and change it.
package struct SimulatedHost: Sendable, Equatable {
  /// What `/etc/os-release` says.
  package struct Distribution: Sendable, Equatable, Codable {
    package var id: String
    package var version: String
    package var codename: String
    package var name: String
    package var like: [String]

    package static let debian12 = Distribution(
      id: "debian", version: "12", codename: "bookworm", name: "Debian GNU/Linux", like: [])

    /// The file's text.
    var osRelease: String {
      var lines = [
        "PRETTY_NAME=\"\(name) \(version) (\(codename))\"", "NAME=\"\(name)\"",
        "VERSION_ID=\"\(version)\"", "VERSION=\"\(version) (\(codename))\"",
        "VERSION_CODENAME=\(codename)", "ID=\(id)",
      ]
      if !like.isEmpty { lines.append("ID_LIKE=\"\(like.joined(separator: " "))\"") }
      return lines.joined(separator: "\n")
    }
  }

  /// How the login user may become root.
  package enum Privilege: String, Sendable, Codable, CaseIterable {
    case root, sudo, sudoPassword, doas, refused, unavailable
  }

  package enum InitSystem: String, Sendable, Codable, CaseIterable { case systemd, openrc, none }

  package var hostname: String
  package var loginUser = "ops"
  package var privilege = Privilege.sudo
  /// True where `prepare` gave root without a password (privilege was `sudoPassword`).
  package var hasRootRule = false
  /// The operator that `prepare` set and the one before, for its `--undo`.
  package var operatorNote: [String] = []
  /// authorized_keys lines that `prepare` wrote.
  package var preparedKeys: [String] = []
  /// The password sudo accepts; nil accepts any.
  ///
  /// It is never written to a world file.
  package var becomePassword: Secret?
  package var distribution = Distribution.debian12
  package var architecture = "x86_64"
  package var initSystem = InitSystem.systemd
  package var packageManagers = ["apt"]
  package var hasTUN = true
  package var isWSL = false
  package var tools = ["curl", "python3", "bash", "openssl"]
  /// The version the package repository has.
  package var repositoryVersion = "1.102.3"
  /// Address families that it forwards (`4 6`).
  package var forwarding: [String] = []
  /// True where its client sends no logs to its vendor.
  package var clientLogsOff = false
  /// Nil where Tailscale is not installed.
  package var client: SimulatedClient?
  package var faults = HostFaults()
  /// Windows only.
  package var desktop = SimulatedDesktop()
  /// A join that waits there for a person.
  package var handOver: SimulatedHandOver?
  /// False where no SSH server answers yet.
  package var listens = true
  /// False where what enables SSH is delivered and does not help.
  package var bootstrapWorks = true

  package init(hostname: String) { self.hostname = hostname }

  package static func == (left: SimulatedHost, right: SimulatedHost) -> Bool {
    left.hostname == right.hostname && left.loginUser == right.loginUser
      && left.privilege == right.privilege && left.hasRootRule == right.hasRootRule
      && left.operatorNote == right.operatorNote && left.preparedKeys == right.preparedKeys
      && left.becomePassword?.reveal() == right.becomePassword?.reveal()
      && left.distribution == right.distribution && left.architecture == right.architecture
      && left.initSystem == right.initSystem && left.packageManagers == right.packageManagers
      && left.hasTUN == right.hasTUN && left.isWSL == right.isWSL && left.tools == right.tools
      && left.repositoryVersion == right.repositoryVersion
      && left.forwarding == right.forwarding && left.clientLogsOff == right.clientLogsOff
      && left.client == right.client && left.faults == right.faults
      && left.desktop == right.desktop && left.handOver == right.handOver
      && left.listens == right.listens && left.bootstrapWorks == right.bootstrapWorks
  }
}

/// What is wrong with one host, for as long as it is set.
package struct HostFaults: Sendable, Equatable {
  /// SSH cannot connect.
  package var unreachable = false
  /// sudo refuses every password.
  package var wrongSudoPassword = false
  /// Host names that do not resolve on this host.
  package var unresolvable: [String] = []
  /// `host:port` of servers that refuse connections from this host.
  package var refused: [String] = []
  /// Node names or mesh addresses that do not answer this host, though they are online.
  package var unreachablePeers: [String] = []
  /// Node names or mesh addresses that answer by a relay only.
  package var relayedPeers: [String] = []
  /// The stage (`download key update install`) at which the installation fails.
  package var installFailsAt: String?
  /// `tailscale up` reaches its timeout although the server answers.
  package var joinTimesOut = false
  /// The script during which the connection is lost, after it did its work.
  package var diesDuring: ScriptName?

  package init() {}
}
