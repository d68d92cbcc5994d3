/// Findings about reaching a host, becoming root there, and its client.
extension DiagnosticCode {
  // MARK: Connection

  /// The address of a host does not resolve on the controller.
  package static let sshResolve = DiagnosticCode(rawValue: "MESH-SSH-RESOLVE")
  /// Nothing listens on the SSH port.
  package static let sshRefused = DiagnosticCode(rawValue: "MESH-SSH-REFUSED")
  /// Something accepts connections on the SSH port, but no SSH server answers behind it.
  package static let sshNoBanner = DiagnosticCode(rawValue: "MESH-SSH-NO-BANNER")
  /// The SSH port does not answer, or there is no route to the host.
  package static let sshUnreachable = DiagnosticCode(rawValue: "MESH-SSH-UNREACHABLE")
  /// The host's key is not known and neither pinned nor `accept-new`.
  package static let sshHostKeyUnknown = DiagnosticCode(rawValue: "MESH-SSH-HOST-KEY-UNKNOWN")
  /// The host shows another key than the one that is known or pinned.
  package static let sshHostKeyChanged = DiagnosticCode(rawValue: "MESH-SSH-HOST-KEY-CHANGED")
  /// SSH refused the login.
  package static let sshAuthentication = DiagnosticCode(rawValue: "MESH-SSH-AUTH")
  /// The jump host could not be used.
  package static let sshJump = DiagnosticCode(rawValue: "MESH-SSH-JUMP")
  /// The connection ended before the script did.
  package static let sshLost = DiagnosticCode(rawValue: "MESH-SSH-LOST")
  /// The script did not end in time.
  package static let sshTimeout = DiagnosticCode(rawValue: "MESH-SSH-TIMEOUT")
  /// The login gave no POSIX shell.
  package static let sshNoShell = DiagnosticCode(rawValue: "MESH-SSH-NO-SHELL")
  /// The ssh program itself could not be run, or refused its options.
  package static let sshProgram = DiagnosticCode(rawValue: "MESH-SSH-PROGRAM")
  /// ssh failed with words that we do not know.
  package static let sshFailed = DiagnosticCode(rawValue: "MESH-SSH-FAILED")
  /// A script could not be rendered: a value that no shell can hold.
  package static let scriptValue = DiagnosticCode(rawValue: "MESH-SSH-VALUE")

  // MARK: Target

  /// The host runs another operating system than the inventory says.
  package static let targetOSDiffers = DiagnosticCode(rawValue: "MESH-TARGET-OS-DIFFERS")
  /// This version of meshctl cannot change hosts of that operating system.
  package static let targetUnsupported = DiagnosticCode(rawValue: "MESH-TARGET-UNSUPPORTED")

  // MARK: Root

  /// sudo asks for a password and none is there.
  package static let elevatePassword = DiagnosticCode(rawValue: "MESH-ELEVATE-PASSWORD")
  /// sudo refused the password.
  package static let elevateWrongPassword = DiagnosticCode(rawValue: "MESH-ELEVATE-WRONG-PASSWORD")
  /// The login user may not become root.
  package static let elevateRefused = DiagnosticCode(rawValue: "MESH-ELEVATE-REFUSED")
  /// sudo insists on a terminal.
  package static let elevateTerminal = DiagnosticCode(rawValue: "MESH-ELEVATE-TERMINAL")
  /// doas asks for a password, which it takes from a terminal only.
  package static let elevateDoas = DiagnosticCode(rawValue: "MESH-ELEVATE-DOAS")
  /// The container forbids gaining privileges.
  package static let elevateNoNewPrivileges = DiagnosticCode(
    rawValue: "MESH-ELEVATE-NO-NEW-PRIVILEGES")
  /// Neither sudo nor doas is installed.
  package static let elevateUnavailable = DiagnosticCode(rawValue: "MESH-ELEVATE-UNAVAILABLE")

  // MARK: Server as seen from the target

  /// The server's name does not resolve on the target.
  package static let serverResolve = DiagnosticCode(rawValue: "MESH-SERVER-RESOLVE")
  /// The target cannot open a connection to the server.
  package static let serverConnect = DiagnosticCode(rawValue: "MESH-SERVER-CONNECT")
  /// TLS with the server fails on the target.
  package static let serverTLS = DiagnosticCode(rawValue: "MESH-SERVER-TLS")
  /// The server answers the target with an HTTP error.
  package static let serverHTTP = DiagnosticCode(rawValue: "MESH-SERVER-HTTP")
  /// Something answers there that is no control server.
  package static let serverBody = DiagnosticCode(rawValue: "MESH-SERVER-BODY")
  /// No program on the target can check the server.
  package static let serverUnchecked = DiagnosticCode(rawValue: "MESH-SERVER-UNCHECKED")
  /// The name resolves by mDNS only, which the client does not use.
  package static let serverLocalName = DiagnosticCode(rawValue: "MESH-SERVER-LOCAL-NAME")

  /// The name does not resolve on the target, so it joins by the server's address.
  package static let serverByAddress = DiagnosticCode(rawValue: "MESH-SERVER-BY-ADDRESS")
  /// The target reaches the server only through a proxy that the client's service does not know.
  package static let serverProxy = DiagnosticCode(rawValue: "MESH-SERVER-PROXY")
  /// The clocks of target and server differ by minutes.
  package static let serverClock = DiagnosticCode(rawValue: "MESH-SERVER-CLOCK")

  // MARK: Installation

  /// This version cannot install on that distribution.
  package static let installUnsupported = DiagnosticCode(rawValue: "MESH-INSTALL-UNSUPPORTED")
  /// The repository's key could not be fetched.
  package static let installDownload = DiagnosticCode(rawValue: "MESH-INSTALL-DOWNLOAD")
  /// What was fetched is no key, or could not be put in place.
  package static let installKey = DiagnosticCode(rawValue: "MESH-INSTALL-KEY")
  /// The repository's package list could not be read.
  package static let installUpdate = DiagnosticCode(rawValue: "MESH-INSTALL-UPDATE")
  /// There is no such version, the package manager cannot choose one, or another one answers.
  package static let installVersion = DiagnosticCode(rawValue: "MESH-INSTALL-VERSION")
  /// The archive has another checksum than it shall have, or none is published.
  package static let installChecksum = DiagnosticCode(rawValue: "MESH-INSTALL-CHECKSUM")
  /// The programs or the service of the archive could not be put in place.
  package static let installPlace = DiagnosticCode(rawValue: "MESH-INSTALL-PLACE")
  /// Another installation runs there.
  package static let installBusy = DiagnosticCode(rawValue: "MESH-INSTALL-BUSY")
  /// The package could not be installed, or does not answer.
  package static let installPackage = DiagnosticCode(rawValue: "MESH-INSTALL-PACKAGE")

  // MARK: Client

  /// The daemon does not answer.
  package static let clientDaemonDown = DiagnosticCode(rawValue: "MESH-CLIENT-DAEMON-DOWN")
  /// The daemon could not be started.
  package static let clientStart = DiagnosticCode(rawValue: "MESH-CLIENT-START")
  /// Nothing starts the daemon again after a reboot: no init system runs there.
  package static let clientNotPersistent = DiagnosticCode(rawValue: "MESH-CLIENT-NOT-PERSISTENT")
  /// The client does without /dev/net/tun, so programs there do not reach the mesh by themselves.
  package static let clientUserspace = DiagnosticCode(rawValue: "MESH-CLIENT-USERSPACE")
  /// The host is a WSL2 machine, which Windows stops when it is idle.
  package static let clientWSL = DiagnosticCode(rawValue: "MESH-CLIENT-WSL")
  /// The host's IP forwarding could not be turned on.
  package static let hostForwarding = DiagnosticCode(rawValue: "MESH-HOST-FORWARDING")
  /// The client's logs to its vendor could not be turned off.
  package static let hostClientLogs = DiagnosticCode(rawValue: "MESH-HOST-CLIENT-LOGS")
  /// Tailscale.app is there, which works in the session of the person at the screen only.
  package static let clientGUI = DiagnosticCode(rawValue: "MESH-CLIENT-GUI")
  /// The client wants root or its operator.
  package static let clientNeedsRoot = DiagnosticCode(rawValue: "MESH-CLIENT-NEEDS-ROOT")
  /// A passing trouble of the daemon.
  package static let clientTransient = DiagnosticCode(rawValue: "MESH-CLIENT-TRANSIENT")
  /// The daemon cannot read or write its state.
  package static let clientState = DiagnosticCode(rawValue: "MESH-CLIENT-STATE")
  /// A configuration file manages the client.
  package static let clientLocked = DiagnosticCode(rawValue: "MESH-CLIENT-LOCKED")
  /// The client does not know a flag, or refuses its value.
  package static let clientFlag = DiagnosticCode(rawValue: "MESH-CLIENT-FLAG")
  /// The client and its daemon have different versions.
  package static let clientVersions = DiagnosticCode(rawValue: "MESH-CLIENT-VERSIONS")
  /// The client is older than the server accepts.
  package static let clientTooOld = DiagnosticCode(rawValue: "MESH-CLIENT-TOO-OLD")
  /// Routes are advertised, but the host does not forward packets.
  package static let clientForwarding = DiagnosticCode(rawValue: "MESH-CLIENT-FORWARDING")
  /// The client said something that we could not read.
  package static let clientUnreadable = DiagnosticCode(rawValue: "MESH-CLIENT-UNREADABLE")
  /// The client failed with words that we do not know.
  package static let clientFailed = DiagnosticCode(rawValue: "MESH-CLIENT-FAILED")
  /// A preference that nobody asked to change moved, and `set` cannot put it back.
  package static let clientMoved = DiagnosticCode(rawValue: "MESH-CLIENT-MOVED")

  // MARK: Join

  /// The server does not know the pre-auth key.
  package static let joinKeyUnknown = DiagnosticCode(rawValue: "MESH-JOIN-KEY-UNKNOWN")
  /// The pre-auth key is expired, used or revoked.
  package static let joinKeySpent = DiagnosticCode(rawValue: "MESH-JOIN-KEY-SPENT")
  /// The server has this node under another machine key.
  package static let joinMachineKey = DiagnosticCode(rawValue: "MESH-JOIN-MACHINE-KEY")
  /// The server has several nodes for the machine and cannot tell which is meant.
  package static let joinAmbiguous = DiagnosticCode(rawValue: "MESH-JOIN-AMBIGUOUS")
  /// The server's policy does not allow the tags.
  package static let joinTags = DiagnosticCode(rawValue: "MESH-JOIN-TAGS")
  /// The server did not answer the registration in time.
  package static let joinRegistration = DiagnosticCode(rawValue: "MESH-JOIN-REGISTRATION")
  /// The client belongs to another server.
  package static let joinOtherServer = DiagnosticCode(rawValue: "MESH-JOIN-OTHER-SERVER")
  /// The client wants all flags mentioned.
  package static let joinFlags = DiagnosticCode(rawValue: "MESH-JOIN-FLAGS")
  /// The client asked whether to risk the SSH connection.
  package static let joinRisk = DiagnosticCode(rawValue: "MESH-JOIN-RISK")
  /// The client does not resolve the server's name.
  package static let joinResolve = DiagnosticCode(rawValue: "MESH-JOIN-RESOLVE")
  /// The client cannot connect to the server.
  package static let joinConnect = DiagnosticCode(rawValue: "MESH-JOIN-CONNECT")
  /// The client does not trust the server's certificate, or TLS fails otherwise.
  package static let joinTLS = DiagnosticCode(rawValue: "MESH-JOIN-TLS")
  /// What answers the client is no control server, or a proxy breaks its protocol.
  package static let joinProtocol = DiagnosticCode(rawValue: "MESH-JOIN-PROTOCOL")
  /// The client is registered but reaches no relay or peer yet.
  package static let joinStarting = DiagnosticCode(rawValue: "MESH-JOIN-STARTING")
  /// The join did not end in time and the client gives no reason.
  package static let joinTimeout = DiagnosticCode(rawValue: "MESH-JOIN-TIMEOUT")
  /// The node was online after its login and dropped when the command that joined it had ended.
  package static let joinDropped = DiagnosticCode(rawValue: "MESH-JOIN-DROPPED")
  /// A person has to finish the join on the host.
  package static let joinWaits = DiagnosticCode(rawValue: "MESH-JOIN-WAITS")
  /// What a person needs to finish the join could not be put on the host.
  package static let joinHandOver = DiagnosticCode(rawValue: "MESH-JOIN-HAND-OVER")
  /// Another run is joining this host.
  package static let joinBusy = DiagnosticCode(rawValue: "MESH-JOIN-BUSY")
}
