/// What the client and Windows itself say there (reference tailscale-client.md §2.5, §3).
extension ClientClassifier {
  private static let ownerHint =
    "set ssh.user of HOST to that user, or let that user run the join there"

  /// They stand before all others: what wraps them ("failed to connect … Got error: 401 …") has rows of
  /// its own.
  static let windowsRows: [Row] = [
    Row(
      needles: ["running in server mode"], code: .clientServerMode,
      message: "the client on HOST runs unattended for another user",
      detail: "Whoever joined it alone may change it.", hint: ownerHint),
    Row(
      needles: ["Tailscale already in use"], code: .clientOtherUser,
      message: "another user's session holds the client on HOST",
      detail: "The client serves one user at a time; that one's window is open.", hint: ownerHint),
    Row(
      needles: ["profile access denied"], code: .clientOtherUser,
      message: "the client on HOST has a profile of another user", detail: "It is theirs alone.",
      hint: ownerHint),
    Row(
      needles: [#"\\.\pipe\"#, "Access is denied"], code: .clientNeedsRoot,
      message: "Windows denies access to the client on HOST",
      detail: "Another program holds its pipe, or the SSH user has no rights.",
      hint: "on HOST: Restart-Service Tailscale; set ssh.user of HOST to an administrator"),
    Row(
      needles: ["SSH server is not supported on"], code: .clientFlag,
      message: "the client on HOST has no SSH server", detail: "On Windows it never has.",
      hint: "remove tailscale_ssh from HOST"),
    Row(
      needles: ["always-on"], code: .clientLocked, message: "a policy on HOST keeps the client on",
      detail: "AlwaysOn.Enabled forbids taking it down.",
      hint: #"on HOST: reg query HKLM\SOFTWARE\Policies\Tailscale"#),
    Row(
      needles: ["No such host is known"], code: .joinResolve,
      message: "the client on HOST does not resolve the server's name",
      detail: "It is DNS: Windows does not know the name.",
      hint: "give HOST a server_url with an address, or make the name known to DNS"),
    Row(
      needles: ["No connection could be made because the target machine actively refused"],
      code: .joinConnect, message: "nothing listens where HOST looks for the server",
      detail: "The name resolves, the port refuses.", hint: "check port and server_url of HOST"),
    Row(
      needles: ["connected party did not properly respond"], code: .joinConnect,
      message: "the server does not answer HOST",
      detail: "A firewall or another VPN drops packets.",
      hint: "check the network between HOST and the server, and other VPNs on HOST"),
    Row(
      needles: ["attempted to an unreachable"], code: .joinConnect,
      message: "HOST has no way to the server", detail: "Another VPN may have taken its routes.",
      hint: "on HOST: route print; end other VPNs or let them allow the LAN"),
    Row(
      needles: ["An attempt was made to access a socket in a way forbidden"], code: .joinConnect,
      message: "a firewall on HOST forbids the client to connect",
      detail: "A local firewall or another VPN's kill switch.",
      hint: "on HOST: end other VPNs, and look at the firewall's rules"),
    Row(
      needles: ["unexpected state: NoState"], code: .clientTransient,
      message: "the client on HOST has no profile loaded",
      detail: "Nobody holds it, and it does not run unattended.",
      hint: "on HOST: Restart-Service Tailscale"),
  ]

  /// Commands of Linux in hints, as they are called on Windows.
  static func onWindows(_ hint: String) -> String {
    var hint = hint
    for (linux, windows) in [
      (
        "journalctl -u tailscaled; df /var/lib/tailscale", #"look in C:\ProgramData\Tailscale\Logs"#
      ),
      ("journalctl -u tailscaled", #"look in C:\ProgramData\Tailscale\Logs"#),
      ("systemctl restart tailscaled", "Restart-Service Tailscale"),
      ("systemctl status tailscaled", "Get-Service Tailscale"),
      ("ip route; tailscale netcheck", "route print; tailscale netcheck"),
      ("tailscale debug prefs | grep ControlURL", "tailscale debug prefs"),
    ] { hint = hint.replacing(linux, with: windows) }
    return hint
  }
}
