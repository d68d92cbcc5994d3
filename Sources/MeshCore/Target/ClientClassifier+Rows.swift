extension ClientClassifier {
  private static let daemonDetail = "The tailscaled service is not running there, or not ready."
  private static let daemonHint = "on HOST: systemctl status tailscaled"
  private static let dnsDetail =
    "It is DNS: the client resolves the name by itself, without mDNS, and did not find it."
  private static let dnsHint =
    "give HOST a server_url with an address, or make the name known to DNS"
  private static let tlsDetail =
    "The client verifies the server's certificate against the system's."
  private static let keyHint = "meshctl apply --limit HOST"

  static let starting = Row(
    needles: [], code: .joinStarting, severity: .warning,
    message: "HOST is registered, but reaches no relay or peer yet",
    detail:
      "The server's DERP map may be unreachable from there; direct connections may still work.",
    hint: "on HOST: tailscale netcheck")

  static let timeout = Row(
    needles: ["timeout waiting for Tailscale service to enter a Running state"],
    code: .joinTimeout, message: "the join of HOST did not end in time",
    detail: "The client gives no reason; the server may have answered it with an error.",
    hint: "on HOST: tailscale status; journalctl -u tailscaled")

  /// First match wins; the narrower rows stand first.
  static let rows: [Row] = serverRows + connectionRows + commandRows + daemonRows + healthRows

  /// What the server said; `backend error: <msg>` or a register request's HTTP answer.
  private static let serverRows: [Row] = [
    Row(
      needles: ["unsupported client version"], code: .clientTooOld,
      message: "the client on HOST is older than the server accepts",
      detail: "The server refused its registration.",
      hint: "set tailscale: {version: latest} for HOST"),
    Row(
      needles: ["invalid pre auth key"], code: .joinKeyUnknown,
      message: "the server does not know the key that HOST joined with",
      detail: "Keys are minted for each join; another server answers, or somebody deleted it.",
      hint: keyHint),
    Row(
      needles: ["invalid authkey"], code: .joinKeyUnknown,
      message: "the server does not know the key that HOST joined with",
      detail: "Keys are minted for each join; another server answers, or somebody deleted it.",
      hint: keyHint),
    Row(
      needles: ["invalid key:"], code: .joinKeyUnknown,
      message: "the server does not know the key that HOST joined with",
      detail: "That wording is Tailscale's own service: HOST may talk to the wrong server.",
      hint: "on HOST: tailscale debug prefs | grep ControlURL"),
    Row(
      needles: ["register request: http 401"], code: .joinKeyUnknown,
      message: "the server refused the key that HOST joined with",
      detail: "Older servers say no more than 401.", hint: keyHint),
    Row(
      needles: ["authkey expired"], code: .joinKeySpent,
      message: "the key that HOST joined with is expired",
      detail: "Keys live 10 minutes; the clocks of server and controller may differ.", hint: keyHint
    ),
    Row(
      needles: ["authkey already used"], code: .joinKeySpent,
      message: "the key that HOST joined with is already used",
      detail: "The client remembers a key; an earlier join may have succeeded.", hint: keyHint),
    Row(
      needles: ["authkey revoked"], code: .joinKeySpent,
      message: "the key that HOST joined with is revoked",
      detail: "Another run or a person expired it meanwhile.", hint: keyHint),
    Row(
      needles: ["node exists with a different machine key"], code: .joinMachineKey,
      message: "the server has HOST's node under another machine key",
      detail: "The host was reinstalled, or its disk was copied.",
      hint: "meshctl plan --probe --limit HOST"),
    Row(
      needles: ["requested tags", "invalid or not permitted"], code: .joinTags,
      message: "the server's policy does not allow the tags of HOST",
      detail: "Every tag needs an entry in tagOwners of the policy.",
      hint: "add the tags to tagOwners in the server's policy"),
    Row(
      needles: ["registration timed out"], code: .joinRegistration,
      message: "the server did not finish the registration of HOST in time",
      detail: "It passes by itself mostly.", hint: keyHint),
    Row(
      needles: ["node registration rate limited"], code: .joinRegistration,
      message: "the server limits registrations; HOST will try again",
      detail: "Too many joins at once.", hint: "meshctl apply --parallelism 2 --limit HOST"),
  ]

  /// Forms of "the last login error" (a health text), and of a login that never got through.
  private static let connectionRows: [Row] = [
    Row(
      needles: ["no such host"], code: .joinResolve,
      message: "the client on HOST does not resolve the server's name", detail: dnsDetail,
      hint: dnsHint),
    Row(
      needles: ["no DNS fallback candidates remain"], code: .joinResolve,
      message: "the client on HOST does not resolve the server's name", detail: dnsDetail,
      hint: dnsHint),
    Row(
      needles: ["failed to resolve"], code: .joinResolve,
      message: "the client on HOST does not resolve the server's name", detail: dnsDetail,
      hint: dnsHint),
    Row(
      needles: ["server gave HTTP response to HTTPS client"], code: .joinTLS,
      message: "the server answers HOST without TLS, but its URL is https://",
      detail: "Scheme and port of the URL do not belong together.",
      hint: "correct server.url, or server_url of HOST"),
    Row(
      needles: ["certificate signed by unknown authority"], code: .joinTLS,
      message: "the client on HOST does not know the server's certificate authority",
      detail: tlsDetail, hint: "install the authority's certificate on HOST"),
    Row(
      needles: ["x509: certificate is valid for"], code: .joinTLS,
      message: "the server's certificate is for another name than HOST uses", detail: tlsDetail,
      hint: "correct server_url of HOST"),
    Row(
      needles: ["x509: cannot validate certificate for"], code: .joinTLS,
      message: "the server's certificate does not cover the address that HOST uses",
      detail: "With https:// the name matters; an address cannot stand in for it.",
      hint: "give HOST a server_url with the certificate's name"),
    Row(
      needles: ["failed to verify certificate"], code: .joinTLS,
      message: "the client on HOST does not accept the server's certificate", detail: tlsDetail,
      hint: "on HOST: curl -v SERVER/health, and check its clock"),
    Row(
      needles: ["connection refused"], code: .joinConnect,
      message: "nothing listens where HOST looks for the server",
      detail: "The name resolves, the port refuses.", hint: "check port and server_url of HOST"),
    Row(
      needles: ["fetch control key: 404"], code: .joinProtocol,
      message: "what answers HOST is no control server (404)",
      detail: "The URL's path is wrong, or a proxy does not pass /key on.",
      hint: "check server_url of HOST and the proxy"),
    Row(
      needles: ["control server is too old; no noise key"], code: .joinProtocol,
      message: "the server that HOST talks to is too old for its client",
      detail: "It has no Noise key.", hint: "upgrade the server"),
    Row(
      needles: ["all connection attempts failed"], code: .joinProtocol,
      message: "HOST cannot speak the control protocol with the server",
      detail: "A proxy between them drops the Upgrade header, most likely.",
      hint: "let the proxy pass WebSocket upgrades and POST /ts2021 on"),
    Row(
      needles: ["fetch control key", "i/o timeout"], code: .joinConnect,
      message: "the server does not answer HOST",
      detail: "A firewall or another VPN drops packets.",
      hint: "check the network between HOST and the server"),
    Row(
      needles: ["fetch control key", "context deadline exceeded"], code: .joinConnect,
      message: "the server does not answer HOST",
      detail: "A firewall or another VPN drops packets.",
      hint: "check the network between HOST and the server"),
    Row(
      needles: ["fetch control key", "EOF"], code: .joinProtocol,
      message: "the connection from HOST to the server is cut",
      detail: "A proxy between them closes it.", hint: "check the proxy between HOST and the server"
    ),
  ]

  /// What the command itself says.
  private static let commandRows: [Row] = [
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

  private static let daemonRows: [Row] = [
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
      needles: ["Failed to connect to local Tailscale daemon"], code: .clientDaemonDown,
      message: "the daemon on HOST does not answer", detail: daemonDetail, hint: daemonHint),
    Row(
      needles: ["tailscaled.service not running"], code: .clientDaemonDown,
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

  private static let healthRows: [Row] = [
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
