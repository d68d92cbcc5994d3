/// macOS: Homebrew's formula, the only client that runs without a person at the screen (reference
/// tailscale-client.md §1.3).
extension InstallPlan {
  static func macos(_ host: Host, _ facts: HostFacts) throws(Failure) -> InstallPlan {
    let settings = host.tailscale
    switch settings.source {
    case .auto, .package: break
    case .static, .repository:
      throw unsupported(
        host, "tailscale.source: \(settings.source.rawValue) on macOS",
        "There is no archive of the daemon for macOS, and no repository but Homebrew's.",
        hint: "set tailscale: {source: auto} for \(host.key)")
    }
    if settings.mirror != nil {
      throw unsupported(
        host, "tailscale.mirror on macOS", "Homebrew fetches from where it is configured to.",
        hint: "remove tailscale.mirror for \(host.key); Homebrew has HOMEBREW_BOTTLE_DOMAIN")
    }
    if case .pinned(let version) = settings.version {
      throw unsupported(
        host, "tailscale.version: \(version) on macOS",
        "Homebrew's formula has one version, the newest; older ones cannot be asked for.",
        hint: "set tailscale: {version: present} for \(host.key)")
    }
    guard let brew = facts.mac?.brew else {
      throw unsupported(
        host, "installing on macOS without Homebrew",
        "It is in neither /opt/homebrew nor /usr/local, and the app needs a person at the screen.",
        hint: "install Homebrew on \(host.key) (https://brew.sh), then run meshctl again")
    }
    let owner = facts.mac?.brewOwner ?? ""
    guard !owner.isEmpty, owner != "root" else {
      throw unsupported(
        host, "installing on macOS with a Homebrew of root", "Homebrew refuses to work as root.",
        hint: "on \(host.key): sudo chown -R USER \(brew.dropLast("/bin/brew".count))")
    }
    return InstallPlan(
      .installBrew, [], version: settings.version, words: "Homebrew (\(brew)), as \(owner)")
  }
}
