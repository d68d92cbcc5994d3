extension ClientClassifier {
  /// What the command itself says.
  static let commandRows: [Row] = [
    Row(
      needles: ["requires mentioning all"], code: .joinFlags,
      message: "the client on HOST wants every flag mentioned",
      detail: "Somebody changed its preferences meanwhile.", hint: keyHint),
    Row(
      needles: ["can't change --login-server without --force-reauth"], code: .joinOtherServer,
      message: "the client on HOST belongs to another server",
      detail: "Moving it drops it from that server's mesh.",
      hint: "meshctl apply --allow-move --limit HOST"),
    Row(
      needles: ["aborted, no changes made"], code: .joinRisk,
      message: "the client on HOST refused to risk the SSH connection",
      detail: "SSH to HOST goes through the mesh itself.",
      hint: "give HOST an address outside the mesh"),
    timeout,
    Row(
      needles: ["flag provided but not defined"], code: .clientFlag,
      message: "the client on HOST does not know a flag", detail: "It is older than meshctl needs.",
      hint: "set tailscale: {version: latest} for HOST"),
    Row(
      needles: ["has non-address bits set"], code: .clientFlag,
      message: "the client on HOST refuses a route", detail: "A route must be a network address.",
      hint: "correct routes of HOST"),
    Row(
      needles: ["can't reconfigure tailscaled when using a config file"], code: .clientLocked,
      message: "a configuration file manages the client on HOST",
      detail: "The daemon was started with --config; nothing else may change it.",
      hint: "change that file on HOST, or take the host out of the inventory"),
    Row(
      needles: ["Access denied", "denied"], code: .clientNeedsRoot,
      message: "the client on HOST wants root", detail: "Only root and its operator may change it.",
      hint: "set ssh.user of HOST to root or to a user who may run sudo"),
  ]

  /// They stand before the rows of connections, since a local socket refuses in the same words.
  static let socketRows: [Row] = [
    Row(
      needles: ["Failed to connect to local Tailscale daemon", "permission denied"],
      code: .clientNeedsRoot, message: "the client on HOST wants root",
      detail: "The daemon's socket may be opened by root only.",
      hint: "set ssh.user of HOST to root or to a user who may run sudo"),
    Row(
      needles: ["Failed to connect to local Tailscale daemon"], code: .clientDaemonDown,
      message: "the daemon on HOST does not answer", detail: daemonDetail, hint: daemonHint),
    Row(
      needles: ["tailscaled.service not running"], code: .clientDaemonDown,
      message: "the daemon on HOST does not answer", detail: daemonDetail, hint: daemonHint),
  ]

  static let daemonRows: [Row] = [
    Row(
      needles: ["store is unhealthy"], code: .clientState,
      message: "the daemon on HOST cannot use its state",
      detail: "The disk is full or read-only, or the TPM changed.",
      hint: "on HOST: journalctl -u tailscaled; df /var/lib/tailscale"),
    Row(
      needles: ["failed to connect to local tailscaled"], code: .clientDaemonDown,
      message: "the daemon on HOST does not answer", detail: daemonDetail, hint: daemonHint),
    Row(
      needles: ["failed to connect to local Tailscaled"], code: .clientDaemonDown,
      message: "the daemon on HOST does not answer", detail: daemonDetail, hint: daemonHint),
    Row(
      needles: ["failed to connect to local Tailscale service"], code: .clientDaemonDown,
      message: "the daemon on HOST does not answer", detail: daemonDetail, hint: daemonHint),
    Row(
      needles: ["503 Service Unavailable: no backend"], code: .clientTransient,
      message: "the daemon on HOST is not ready", detail: "It starts, or hangs.",
      hint: "on HOST: systemctl restart tailscaled"),
    Row(
      needles: ["context deadline exceeded"], code: .clientTransient,
      message: "the daemon on HOST did not answer in time", detail: "It is busy, or hangs.",
      hint: "on HOST: systemctl restart tailscaled"),
    Row(
      needles: ["client version", "!= tailscaled server version"], code: .clientVersions,
      severity: .warning, message: "the daemon on HOST runs another version than its client",
      detail: "It was upgraded and not restarted.", hint: "on HOST: systemctl restart tailscaled"),
  ]

  static let healthRows: [Row] = [
    Row(
      needles: ["IP forwarding is disabled"], code: .clientForwarding, severity: .warning,
      message: "HOST advertises routes but does not forward packets",
      detail: "Nobody reaches anything through it until forwarding is on.",
      hint: "on HOST: echo 'net.ipv4.ip_forward=1' > /etc/sysctl.d/99-tailscale.conf;"
        + " echo 'net.ipv6.conf.all.forwarding=1' >> /etc/sysctl.d/99-tailscale.conf;"
        + " sysctl -p /etc/sysctl.d/99-tailscale.conf"),
    Row(
      needles: ["could not connect to any relay server"], code: .joinStarting, severity: .warning,
      message: "HOST reaches no relay server",
      detail: "Peers that it cannot reach directly stay out of reach.",
      hint: "on HOST: tailscale netcheck"),
    Row(
      needles: ["cannot connect because the network is down"], code: .joinConnect,
      message: "HOST has no network for the client", detail: "The client sees no usable interface.",
      hint: "on HOST: ip route; tailscale netcheck"),
    Row(
      needles: ["Unable to connect to the Tailscale coordination server"], code: .joinConnect,
      message: "HOST lost the control server", detail: "It was there before.",
      hint: "on HOST: tailscale status; tailscale netcheck"),
    Row(
      needles: ["The last login error was"], code: .joinRegistration,
      message: "the last login of HOST failed", detail: "The client keeps trying.",
      hint: "on HOST: journalctl -u tailscaled"),
  ]
}
