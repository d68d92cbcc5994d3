/// What a probe read on a host in one round trip; it changes nothing there.
package struct HostFacts: Sendable, Equatable {
  /// How root can be had without asking anybody.
  package enum Elevation: String, Sendable {
    /// The login user is root.
    case root
    /// `sudo -n true` works.
    case sudo
    /// `doas -n true` works.
    case doas
    /// sudo exists and asks for a password.
    case sudoPassword
    /// doas exists and asks for a password, which it takes from a terminal only.
    case doasPassword
    /// sudo insists on a terminal (`requiretty`).
    case terminal
    /// The login may not gain privileges: a container's flag, or a sudo without its setuid bit.
    case noNewPrivileges
    /// sudo refuses this user, whatever the password; `elevationEvidence` has its words.
    case refused
    /// Neither sudo nor doas.
    case unavailable
  }
  package enum Service: String, Sendable {
    case running, stopped, missing
    /// No init system that we know runs there.
    case noInit
  }

  /// What the system says of itself; compared with the inventory's `os`.
  package var os: OperatingSystem
  /// os-release fields on Linux: `debian`, `12`, `bookworm`.
  package var distribution = ""
  package var distributionLike: [String] = []
  package var distributionVersion = ""
  /// Of the release the repositories go by: Mint's is that of its Ubuntu or Debian.
  package var distributionCodename = ""
  /// `uname -m`.
  package var architecture = ""
  package var user = ""
  /// macOS: the login user is a member of the group `admin`.
  package var isAdmin = false
  /// Nil on other systems.
  package var mac: MacFacts?
  package var hostname = ""
  package var elevation: Elevation
  package var elevationEvidence: String?
  /// `systemd`, `openrc` or `none`.
  package var initSystem = ""
  /// Package managers found, `apt` first where it is there.
  package var packageManagers: [String] = []
  package var service: Service = .missing
  package var hasTUN = false
  /// Nil where no client is installed.
  package var client: ClientFacts?
  /// The package manager that knows the client's program (`apt rpm pacman apk`); nil where none does.
  package var clientPackage: String?
  /// Nil where the probe does not read them (other systems than Linux).
  package var settings: HostSettings?
  /// True where nothing can be written into the system's folders: an image-based system.
  package var isImage = false
  /// True in WSL2, which stops when idle.
  package var isWSL = false
  /// Which of `curl wget python3 bash openssl` exist.
  package var tools: [String] = []
  /// A join that an earlier run left to a person there.
  package var waiting: WaitingJoin?
  /// Why the probe cannot say whether one waits there; nil where it can.
  package var waitingProblem: String?
  /// SSH peer address as the host sees it (SSH_CONNECTION), to tell mesh-borne SSH.
  package var sshPeer: String?
  /// What only Windows tells.
  package var windows: WindowsFacts?

  package init(os: OperatingSystem, elevation: Elevation) {
    self.os = os
    self.elevation = elevation
  }
}

/// The Tailscale client on a host, from `tailscale version`, `status --json --peers=false` and
/// `debug prefs` (reference tailscale-client.md §2.2, §2.3).
package struct ClientFacts: Sendable, Equatable {
  /// `1.102.3`, of the programs on disk.
  package var version: String
  /// Of the daemon that runs; nil where it does not answer.
  package var daemonVersion: String?
  /// False with userspace networking; nil where the daemon does not answer.
  package var usesTUN: Bool?
  /// NoState, NeedsLogin, NeedsMachineAuth, Stopped, Starting, Running; nil where the daemon does
  /// not answer.
  package var backendState: String?
  /// What the client said instead of a status, where it said something.
  package var statusError: String?
  package var haveNodeKey = false
  /// `nodekey:…`; nil where absent or all zeros, because that proves nothing.
  package var nodeKey: String?
  package var selfOnline = false
  package var keyExpired = false
  package var addresses: [String] = []
  package var health: [String] = []
  /// Nil where `debug prefs` gave nothing readable.
  package var preferences: ReportedPreferences?

  package init(version: String) { self.version = version }
}

/// Preferences as `tailscale debug prefs` reports them.
package struct ReportedPreferences: Sendable, Equatable {
  /// As the client stores it; compare through `ServerURL`.
  package var controlURL = ""
  package var hostname = ""
  package var acceptRoutes = false
  package var acceptDNS = true
  package var tailscaleSSH = false
  package var shieldsUp = false
  package var operatorUser = ""
  /// Canonical CIDRs, default routes included.
  package var advertiseRoutes: [String] = []
  package var advertiseTags: [String] = []
  package var wantRunning = false
  package var loggedOut = false
  package var exitNodeID = ""
  package var exitNodeIP = ""
  package var exitNodeAllowLANAccess = false
  package var noSNAT = false
  package var noStatefulFiltering = false
  /// 0 off, 1 nodivert, 2 on.
  package var netfilterMode = 2
  package var runWebClient = false
  package var autoUpdateCheck = true
  package var autoUpdateApply: Bool?
  package var profileName = ""
  package var postureChecking = false
  package var advertiseConnector = false
  package var relayServerPort: Int?
  package var advertiseServices: [String] = []

  package init() {}
}
