extension Cause {
  /// What `meshctl verify` finds.
  static let reach: [Cause] = [
    Cause(
      .reachNotJoined, "no node of the server's list is this host, or nobody knows which",
      why: "It has not joined, has no address, or several nodes could be it.",
      look: "The server's list, and names, aliases and pin of the host.",
      next: "meshctl plan --limit HOST", "pin machine_key: mkey:…"),
    Cause(
      .reachOffline, "the server says that the host's node is offline",
      why: "Nobody reaches a client that keeps no connection.", look: "The server's list.",
      passes: true, next: "meshctl apply --limit HOST"),
    Cause(
      .reachExpired, "the host's key has expired",
      why: "Its peers let nobody in whose key has expired.",
      look: "expiry in the server's list, or `tailscale ping` on the peer.",
      next: "meshctl apply --limit HOST"),
    Cause(
      .reachClient, "the client on the asking host does not run or is not logged in",
      why: "It can ask nobody then.", look: "`tailscale status --json` on the host.", passes: true,
      next: "meshctl apply --limit HOST"),
    Cause(
      .reachIdentity, "the asking host is another node than the list says",
      why: "Somebody else on the mesh has its name.",
      look: "The node key that the host reports, and the list.",
      next: "meshctl plan --probe --limit HOST", "pin machine_key: mkey:…"),
    Cause(
      .reachNoAnswer, "the peer does not answer",
      why:
        "It is off, a firewall drops UDP and the relays too, or the policy lets nothing through.",
      look: "`tailscale ping` on the asking host.", passes: true,
      next: "on HOST: tailscale ping PEER; tailscale netcheck"),
    Cause(
      .reachNoPeer, "the asking host is not told of the peer",
      why:
        "The server shows a host only the peers that the policy lets it talk to, and new ones after"
        + " a moment.",
      look: "`no matching peer` from `tailscale ping`.", passes: true,
      next: "headscale policy get, and look for a rule between the two"),
    Cause(
      .reachRelayed, "only a relay connects the two",
      why: "It works, and slower: no direct way through the NATs was found. It is a note.",
      look: "`via DERP` in the answer of `tailscale ping`.", passes: true,
      next: "on HOST: tailscale netcheck"),
    Cause(
      .reachNotAsked, "a pair was not asked",
      why: "The time was up, or no program on the host can ask.", look: "How far the host came.",
      passes: true, next: "meshctl verify --limit HOST"),
    Cause(
      .reachUnclear, "the words of the answer are not known",
      why: "Another version of the client says it otherwise.",
      look: "What `tailscale ping` printed.",
      passes: true, next: "on HOST: tailscale ping PEER"),
    Cause(
      .reachRefused, "the endpoint's host answers, and nothing listens on the port",
      why: "The way is open; the service is down or has another port.",
      look: "`Connection refused` on the asking host.", passes: true,
      next: "start the service there, or correct expect"),
    Cause(
      .reachTimeout, "the endpoint does not answer",
      why: "A rule of the policy or a firewall drops what is sent.",
      look: "No answer within the time.", passes: true,
      next: "headscale policy get, and the firewall of the endpoint"),
    Cause(
      .reachResolve, "the endpoint's name does not resolve on the asking host",
      why: "It is DNS: MagicDNS is off there, or the name is misspelt.",
      look: "The resolver of the asking host.",
      next: "write the address into expect, or accept_dns: true for HOST"),
    Cause(
      .reachNoRoute, "the asking host has no route to the endpoint",
      why: "The route is not approved, not accepted there, or nobody advertises it.",
      look: "`No route to host` on the asking host.",
      next: "accept_routes: true for HOST", "routes of the host that is to serve it"),
  ]
}
