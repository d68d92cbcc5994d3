extension Cause {
  static let client: [Cause] = [
    Cause(
      .clientDaemonDown, "the client's daemon does not answer",
      why: "The tailscaled service is not running there, or not ready.",
      look: "`failed to connect to local tailscaled` and its kin.", passes: true,
      next: "meshctl apply --limit HOST, which starts it", "on HOST: systemctl status tailscaled",
      from: "tailscale (cmd/tailscale/cli/diag.go)"),
    Cause(
      .clientStart, "the client's service does not start or stop",
      why: "The init system refuses, the service is missing, or the kernel has no tun device.",
      look: "The init system's words, and the daemon's log.",
      next: "on HOST: systemctl status tailscaled; journalctl -u tailscaled"),
    Cause(
      .clientNotPersistent, "nothing starts the client again after a reboot",
      why:
        "Neither systemd nor OpenRC runs there (a container, WSL2 without systemd), so the daemon"
        + " was started by itself.",
      look: "/run/systemd/system and rc-service are missing.",
      next: "let whatever starts that machine start tailscaled",
      "WSL2: in /etc/wsl.conf [boot] systemd=true; then on Windows: wsl --shutdown"),
    Cause(
      .clientUserspace, "the client uses userspace networking",
      why:
        "There is no /dev/net/tun that it may use. It joins and is reached, but programs there reach"
        + " the mesh through a proxy only.",
      look: "/dev/net/tun, and the daemon's log.",
      next: "container: --cap-add NET_ADMIN --device /dev/net/tun",
      "then remove --tun=userspace-networking from /etc/default/tailscaled and restart it"),
    Cause(
      .clientWSL, "the host is a WSL2 machine, which Windows stops when it is idle",
      why: "Its node goes offline then, until somebody uses it again.",
      look: "/mnt/wsl or the WSLInterop entry of binfmt_misc.",
      next: "set offline: ignore for HOST", "or keep a session open there"),
    Cause(
      .hostForwarding, "IP forwarding could not be turned on",
      why: "Without it nobody reaches anything through the routes of the host.",
      look: "The error of writing /etc/sysctl.d/99-tailscale.conf or /proc/sys.",
      next: "container: set it from outside, --sysctl net.ipv4.ip_forward=1",
      "on HOST: sudo sysctl -w net.ipv4.ip_forward=1"),
    Cause(
      .hostClientLogs, "the client's logs to its vendor could not be turned off",
      why: "client_logs: off asks for it; the file that the service reads could not be written.",
      look: "The error of the file system, or of systemctl.",
      next: "on HOST: df -h /etc; systemctl cat tailscaled"),
    Cause(
      .clientGUI, "Tailscale.app is there, which belongs to the person at the screen",
      why:
        "It works in that person's session only; a second client beside it would take the network"
        + " from it, so meshctl installs none and changes nothing there.",
      look:
        "`/Applications/Tailscale.app`, or `osVariant` macsys or appstore in `tailscale version`.",
      next: "in a Terminal on HOST: "
        + "/Applications/Tailscale.app/Contents/MacOS/Tailscale login --login-server=URL",
      "or remove Tailscale.app, and run meshctl again",
      from: "tailscale (version/prop.go), Tailscale's documentation of its macOS variants"),
    Cause(
      .clientNeedsRoot, "the client wants root",
      why: "Only root and the operator of the client may change its preferences.",
      look: "`Access denied: prefs write access denied` and its kin.",
      next: "set ssh.user of HOST to root or to a user who may run sudo",
      "on HOST: sudo tailscale set --operator=USER",
      from: "tailscale (ipn/localapi/localapi.go)"),
    Cause(
      .clientTransient, "the client's daemon is not ready",
      why: "It starts, is busy, or hangs.",
      look: "`503 Service Unavailable: no backend`, `context deadline exceeded`.", passes: true,
      next: "meshctl apply --limit HOST", "on HOST: systemctl restart tailscaled",
      from: "tailscale (issues 13494, 14077, 16257)"),
    Cause(
      .clientState, "the client's daemon cannot use its state",
      why: "The disk is full or read-only, or the TPM that seals the state changed.",
      look: "`state store is unhealthy`.",
      next: "on HOST: journalctl -u tailscaled; df /var/lib/tailscale",
      from: "tailscale (ipn/ipnlocal)"),
    Cause(
      .clientLocked, "a configuration file manages the client",
      why: "The daemon was started with --config; nothing else may change it.",
      look: "`can't reconfigure tailscaled when using a config file`.",
      next: "change that file on HOST", "or take the host out of the inventory",
      from: "tailscale (ipn/ipnlocal)"),
    Cause(
      .clientFlag, "the client does not know a flag, or refuses its value",
      why: "It is older than meshctl needs, or a route is no network address.",
      look: "`flag provided but not defined`, `has non-address bits set`.",
      next: "set tailscale: {version: latest} for HOST", "correct routes of HOST",
      from: "tailscale (cmd/tailscale/cli/up.go)"),
    Cause(
      .clientVersions, "the daemon runs another version than its client",
      why: "It was upgraded and not restarted.",
      look: "`client version … != tailscaled server version`.",
      next: "on HOST: systemctl restart tailscaled", from: "tailscale (cmd/tailscale/cli)"),
    Cause(
      .clientTooOld, "the client is older than the server accepts",
      why: "Headscale refuses registrations below a version: 1.74 for 0.28, 1.80 for 0.29.",
      look: "`unsupported client version` in the client's health.",
      next: "set tailscale: {version: latest} for HOST", from: "Headscale (hscontrol/noise.go)"),
    Cause(
      .clientForwarding, "the host advertises routes but does not forward packets",
      why: "Nobody reaches anything through it until forwarding is on.",
      look: "`IP forwarding is disabled` in the client's health.",
      next: "on HOST: echo 'net.ipv4.ip_forward=1' > /etc/sysctl.d/99-tailscale.conf",
      "on HOST: echo 'net.ipv6.conf.all.forwarding=1' >> /etc/sysctl.d/99-tailscale.conf",
      "on HOST: sysctl -p /etc/sysctl.d/99-tailscale.conf", from: "tailscale (health/warnings.go)"),
    Cause(
      .clientUnreadable, "what the client said cannot be read",
      why: "It is older or newer than meshctl knows, or something else prints into its output.",
      look: "The first bytes of `tailscale status --json` or `tailscale debug prefs`.",
      next: "on HOST: tailscale version; tailscale status --json"),
    Cause(
      .clientFailed, "the client failed with words that meshctl does not know",
      why: "Its exit status says that it failed; the reason is in its last line.",
      look: "What `tailscale` printed.", passes: true,
      next: "on HOST: tailscale status; journalctl -u tailscaled"),
    Cause(
      .clientMoved, "a join moved a preference that nobody asked to change",
      why: "Joining replaces all preferences. What meshctl can, it puts back; this one it cannot.",
      look: "`tailscale debug prefs` before and after the join.",
      next: "on HOST: tailscale debug prefs", from: "tailscale (cmd/tailscale/cli/up.go)"),
    Cause(
      .clientOtherUser, "another user's session holds the client",
      why: "On Windows the client serves one user at a time; whoever is at the desktop has it.",
      look: "`Tailscale already in use by`, `already in use (\"A\"); connection from \"B\"`.",
      passes: true,
      next: "meshctl apply --limit HOST, once that user has logged off",
      "or let that user run: tailscale up --unattended",
      from: "tailscale (ipn/ipnserver/server.go, ipn/ipnlocal/local.go)"),
    Cause(
      .clientServerMode, "the client runs unattended for another user",
      why: "On Windows only that user may change it.",
      look: "`Tailscale running in server mode (\"A\"); connection from \"B\" not allowed`.",
      next: "set ssh.user of HOST to that user", from: "tailscale (ipn/ipnlocal/local.go)"),
  ]
}
