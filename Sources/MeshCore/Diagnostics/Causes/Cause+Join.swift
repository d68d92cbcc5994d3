extension Cause {
  static let join: [Cause] = [
    Cause(
      .joinKeyUnknown, "the server does not know the pre-auth key",
      why: "Keys are made for each join, so another server answers, or somebody deleted it. Older"
        + " servers say no more than 401.",
      look: "`invalid pre auth key`, `invalid authkey`, `register request: http 401`.",
      passes: true,
      next: "meshctl apply --limit HOST", "on HOST: tailscale debug prefs | grep ControlURL",
      from: "Headscale (hscontrol/auth.go, types/preauth_key.go)"),
    Cause(
      .joinKeySpent, "the pre-auth key is expired, used or revoked",
      why: "Keys live ten minutes and serve once. A clock that is off makes them look expired; a"
        + " client that remembers an old one uses it again.",
      look: "`authkey expired`, `authkey already used`, `authkey revoked`.", passes: true,
      next: "meshctl apply --limit HOST, which makes a new one",
      from: "Headscale (hscontrol/types/preauth_key.go)"),
    Cause(
      .joinMachineKey, "the server has this node under another machine key",
      why: "The host was reinstalled, or its disk was copied to a second machine.",
      look: "`node exists with a different machine key`,"
        + " `node key already in use by another machine`.",
      next: "meshctl plan --probe --limit HOST",
      "on a copied machine: delete"
        + " /var/lib/tailscale/tailscaled.state there and join again",
      from: "Headscale (hscontrol/auth.go)"),
    Cause(
      .joinAmbiguous, "the server has several nodes for the machine and cannot tell which is meant",
      why: "A machine that joined under several users has a record for each; a tagged key without a"
        + " user could change any of them.",
      look: "`machine key maps to ambiguous node ownership`.",
      next: "headscale nodes list",
      "delete the records that are not needed: headscale nodes delete"
        + " -i ID", from: "Headscale 0.29 (hscontrol/state/state.go)"),
    Cause(
      .joinTags, "the server's policy does not allow the tags",
      why:
        "Every tag needs an entry in tagOwners of the policy, or the client asks for tags itself.",
      look: "`requested tags [tag:x] are invalid or not permitted`.",
      next: "add the tags to tagOwners in the server's policy",
      from: "Headscale (hscontrol/state/tags.go)"),
    Cause(
      .joinRegistration, "the server did not finish the registration",
      why: "It was busy, limits registrations, or failed at it; the client keeps trying.",
      look: "`registration timed out`, `rate limited`, `The last login error was`.", passes: true,
      next: "meshctl apply --limit HOST", "on HOST: journalctl -u tailscaled",
      from: "Headscale, tailscale (health/warnings.go)"),
    Cause(
      .joinOtherServer, "the client belongs to another server",
      why: "Moving it takes it off that server's mesh, so it is not done by the way.",
      look: "`can't change --login-server without --force-reauth`.",
      next: "meshctl apply --allow-move --limit HOST", from: "tailscale (cmd/tailscale/cli/up.go)"),
    Cause(
      .joinFlags, "the client wants every flag mentioned",
      why: "Somebody changed its preferences between the look and the join.",
      look: "`requires mentioning all non-default flags`.", passes: true,
      next: "meshctl apply --limit HOST", from: "tailscale (cmd/tailscale/cli/up.go)"),
    Cause(
      .joinRisk, "the client refuses to risk the SSH connection",
      why: "SSH to the host goes through the mesh itself.",
      look: "`aborted, no changes made`.", next: "give HOST an address outside the mesh",
      from: "tailscale (cmd/tailscale/cli/risks.go)"),
    Cause(
      .joinResolve, "the client does not resolve the server's name",
      why: "It is DNS. The client reads the hosts file and asks DNS, not multicast DNS.",
      look: "`no such host`, `no DNS fallback candidates remain`, `failed to resolve`.",
      next: "write for HOST: server_url: http://ADDRESS:PORT", "or put the name into DNS",
      from: "tailscale (health/warnings.go, net/dnsfallback)"),
    Cause(
      .joinConnect, "the client cannot connect to the server",
      why: "The port refuses, a firewall or another VPN drops packets, or there is no network.",
      look: "`connection refused`, `i/o timeout`, `context deadline exceeded` after"
        + " `fetch control key`.", passes: true,
      next: "on HOST: tailscale netcheck", "check port and server_url of HOST",
      from: "tailscale (health/warnings.go)"),
    Cause(
      .joinTLS, "the client does not accept the server's certificate",
      why: "The authority is unknown to the host, the name is another, the clock is wrong, or the"
        + " port speaks no TLS. An address cannot stand in for a name with https://.",
      look: "`x509: …`, `failed to verify certificate`, `HTTP response to HTTPS client`.",
      next: "install the authority's certificate on HOST", "correct server_url of HOST",
      from: "tailscale (health/warnings.go)"),
    Cause(
      .joinProtocol, "what answers the client is no control server, or a proxy breaks its protocol",
      why: "The URL's path is wrong, or a proxy does not pass /key, /ts2021 and the Upgrade header"
        + " on.",
      look: "`fetch control key: 404`, `all connection attempts failed`, `EOF`.",
      next: "let the proxy pass WebSocket upgrades and POST /ts2021 on", "check server_url of HOST",
      from: "tailscale (control/ts2021/client.go)"),
    Cause(
      .joinStarting, "the host is registered, but reaches no relay or peer yet",
      why:
        "The server's DERP map may be unreachable from there; direct connections may still work.",
      look: "BackendState Starting with Self.Online, `could not connect to any relay server`.",
      passes: true, next: "on HOST: tailscale netcheck",
      from: "tailscale (ipn/ipnlocal, health/warnings.go)"),
    Cause(
      .joinTimeout, "the join did not end in time, and the client gives no reason",
      why: "The server may have answered it with an HTTP error, which the client keeps to itself.",
      look:
        "`timeout waiting for Tailscale service to enter a Running state`, and an empty health.",
      passes: true, next: "on HOST: tailscale status; journalctl -u tailscaled",
      from: "tailscale (cmd/tailscale/cli/up.go, issues 1728 and 16414)"),
    Cause(
      .joinBusy, "another run is joining this host",
      why: "Two joins at once would make two nodes.",
      look: "The lock /run/meshctl-join.lock on the host.", passes: true,
      next: "meshctl apply --limit HOST"),
    Cause(
      .joinNotSeen, "the server lists no node with the key that the host reports",
      why: "The client believes that it joined; nothing was granted to any node.",
      look: "The node key of the host, and the server's list.", passes: true,
      next: "headscale nodes list", "on HOST: tailscale status"),
    Cause(
      .joinNotOnline, "the node is listed but never came online",
      why: "The client registered, but keeps no connection to the server.",
      look: "The server's list, for a minute after the login.", passes: true,
      next: "on HOST: tailscale status; tailscale netcheck"),
    Cause(
      .joinDropped, "the node was online and dropped again",
      why: "On Windows the client lets go of the mesh when the command that joined it has ended and"
        + " neither --unattended nor a desktop session holds it.",
      look: "Two looks at the server's list, at least 15 seconds apart.",
      next: "on HOST: tailscale status", from: "tailscale (ipn/ipnserver/server.go)"),
    Cause(
      .joinWaits, "a person has to finish the join on the host",
      why:
        "No way over SSH joined it. Key and script are ready on the host; the key serves once and"
        + " for a day at most.",
      look: "What the ways before said, in the finding's evidence.",
      next: "run the line that the finding shows, on HOST", "then: meshctl apply --limit HOST"),
    Cause(
      .joinHandOver, "what a person needs to finish the join could not be put on the host",
      why: "The disk is full, a policy forbids it, or the login is no administrator.",
      look: "What the script on the host said.",
      next: "meshctl plan --probe --limit HOST", "log in as an administrator: ssh: {user: …}"),
    Cause(
      .joinedAlready, "a host that was to join is on the mesh already",
      why: "Somebody joined it between the look and the step; a joined host is never joined anew.",
      look: "The node key that the host reports.", passes: true,
      next: "meshctl plan --probe --limit HOST"),
  ]
}
