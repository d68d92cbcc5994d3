/// What a person should know of a host on which the client runs, although it works.
package enum HostNotes {
  /// From the facts of a probe, before anything is done.
  static func warnings(_ facts: HostFacts, on host: Host) -> [Diagnostic] {
    guard facts.os == .linux else { return [] }
    var found: [Diagnostic] = []
    if facts.initSystem == "none" { found.append(notPersistent(host, isWSL: facts.isWSL)) }
    if !facts.hasTUN, facts.client?.usesTUN != true { found.append(lacksTUN(host)) }
    if facts.isWSL { found.append(stopsWhenIdle(host)) }
    return found
  }

  /// From the section `notes` of `start-service`.
  static func warnings(_ notes: String, on host: Host) -> [Diagnostic] {
    notes.split(separator: "\n").compactMap { note in
      switch note {
      case "not-persistent": notPersistent(host, isWSL: false)
      case "userspace": userspace(host)
      default: nil
      }
    }
  }

  private static func notPersistent(_ host: Host, isWSL: Bool) -> Diagnostic {
    Diagnostic(
      .clientNotPersistent, .warning,
      "\(host.key) runs neither systemd nor OpenRC: its client is not persistent",
      detail: "tailscaled is started by itself, and nothing starts it again after a reboot.",
      hint: isWSL
        ? "on \(host.key), in /etc/wsl.conf: [boot] systemd=true; then on Windows: wsl --shutdown"
        : "let whatever starts that machine start tailscaled, or run meshctl apply by a timer",
      host: host.key)
  }

  private static func lacksTUN(_ host: Host) -> Diagnostic {
    var finding = userspace(host)
    finding.message =
      "\(host.key) has no /dev/net/tun: where its module cannot be loaded either, its"
      + " client uses userspace networking"
    return finding
  }

  private static func userspace(_ host: Host) -> Diagnostic {
    Diagnostic(
      .clientUserspace, .warning,
      "\(host.key) has no /dev/net/tun: its client uses userspace networking",
      detail: "It joins and is reached, but programs there reach the mesh through a proxy only.",
      hint: "container: --cap-add NET_ADMIN --device /dev/net/tun", host: host.key)
  }

  private static func stopsWhenIdle(_ host: Host) -> Diagnostic {
    Diagnostic(
      .clientWSL, .warning, "\(host.key) is a WSL2 machine: Windows stops it when it is idle",
      detail: "Its node goes offline then, until somebody uses it again.",
      hint: "set offline: ignore for \(host.key), or keep a session open there", host: host.key)
  }
}
