extension ClientClassifier {
  static let daemonDetail = "The tailscaled service is not running there, or not ready."
  static let daemonHint = "on HOST: systemctl status tailscaled"
  private static let dnsDetail =
    "It is DNS: the client resolves the name by itself, without mDNS, and did not find it."
  private static let dnsHint =
    "give HOST a server_url with an address, or make the name known to DNS"
  private static let tlsDetail =
    "The client verifies the server's certificate against the system's."
  static let keyHint = "meshctl apply --limit HOST"

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
  static let rows: [Row] =
    windowsRows + serverRows + socketRows + connectionRows + commandRows + daemonRows + healthRows

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
      needles: ["AuthKey not found"], code: .joinKeyUnknown,
      message: "the server does not know the key that HOST joined with",
      detail: "Keys are minted for each join; another server answers, or somebody deleted it.",
      hint: keyHint),
    Row(
      needles: ["auth-key not found"], code: .joinKeyUnknown,
      message: "the server does not know the key that HOST joined with",
      detail: "Keys are minted for each join; another server answers, or somebody deleted it.",
      hint: keyHint),
    Row(
      needles: ["invalid key:"], code: .joinKeyUnknown,
      message: "the server does not know the key that HOST joined with",
      detail: "That wording is Tailscale's own service: HOST may talk to the wrong server.",
      hint: "on HOST: tailscale debug prefs | grep ControlURL"),
    Row(
      needles: ["failed to parse auth-key"], code: .joinKeyUnknown,
      message: "the server cannot read the key that HOST joined with",
      detail: "It is a key of another kind of server, or of an older one.", hint: keyHint),
    Row(
      needles: ["hashedPassword is not the hash"], code: .joinKeyUnknown,
      message: "the server does not know the key that HOST joined with",
      detail: "Its first half is known, its secret half is not: another server's database.",
      hint: keyHint),
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
      needles: ["node key already in use by another machine"], code: .joinMachineKey,
      message: "another machine uses the node key of HOST",
      detail: "The client's state was copied from there, or its disk was.",
      hint: "on HOST: delete /var/lib/tailscale/tailscaled.state and restart tailscaled; then"
        + " meshctl apply --limit HOST"),
    Row(
      needles: ["ambiguous node ownership"], code: .joinAmbiguous,
      message: "the server has several nodes of several users for the machine of HOST",
      detail: "It cannot tell which of them a tagged key is to change.",
      hint: "headscale nodes list; delete the records of HOST that are not needed"),
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
    // Behind the rows that know more: the reason stands in the same line where a server gives one.
    Row(
      needles: ["register request: http 401"], code: .joinKeyUnknown,
      message: "the server refused the key that HOST joined with",
      detail: "Older servers say no more than 401.", hint: keyHint),
    Row(
      needles: ["register request: http "], code: .joinRegistration,
      message: "the server answered the registration of HOST with an HTTP error",
      detail: "The client keeps trying; the server's log says why.",
      hint: "on the server: journalctl -u headscale"),
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
      needles: ["certificate has expired or is not yet valid"], code: .joinTLS,
      message: "the server's certificate is expired or not valid yet, as HOST sees it",
      detail: "The certificate was not renewed, or the clock of HOST is wrong.",
      hint: "on HOST: date; then renew the certificate, or set the clock"),
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
}
