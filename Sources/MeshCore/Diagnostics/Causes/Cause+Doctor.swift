extension Cause {
  /// What only `meshctl doctor` finds.
  static let doctor: [Cause] = [
    Cause(
      .doctorKeyEnds, "the API key runs out within two weeks",
      why: "From then on every run fails before it does anything; nothing on the mesh breaks.",
      look: "The server's list of API keys.",
      next: "on the server: headscale apikeys create --expiration 90d"),
    Cause(
      .doctorClock, "the clocks of this machine and the server differ",
      why: "Ages and pre-auth keys count by the server's clock, certificates by each machine's.",
      look: "The date in the server's answers, and the time here.", next: "timedatectl"),
    Cause(
      .doctorPolicy, "the policy cannot be read, or lacks owners of tags that are used",
      why: "A tag that nobody owns can be joined with, but not set later.",
      look: "`headscale policy get`.", next: "headscale policy set -f FILE"),
    Cause(
      .doctorSource, "the host does not reach what the client would be installed from",
      why: "No route to the internet, a proxy, or a mirror that lacks its release.",
      look: "The URL in the finding, asked for on the host.", passes: true,
      next: "on HOST: curl -I URL", "set tailscale: {mirror: URL} for the host"),
    Cause(
      .doctorMesh, "a host that has joined is not on the mesh as it is to be",
      why: "Its client is stopped or logged out, its node was deleted, or it is offline.",
      look: "`tailscale status` on the host, and the server's list.", passes: true,
      next: "meshctl plan --probe --limit HOST", "meshctl apply --limit HOST"),
  ]
}
