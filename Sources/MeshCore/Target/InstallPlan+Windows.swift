/// Windows: the vendor's MSI, then winget (reference tailscale-client.md §1.4).
extension InstallPlan {
  static func windows(_ host: Host, _ facts: HostFacts) throws(Failure) -> InstallPlan {
    switch host.tailscale.source {
    case .auto, .package: break
    case .repository, .static:
      throw unsupported(
        host, "tailscale.source: \(host.tailscale.source.rawValue) on Windows",
        "There the client comes as the vendor's MSI or by winget.",
        hint: "remove tailscale.source of \(host.key), or set it to auto")
    }
    guard let architecture = architectures[facts.architecture.uppercased()] else {
      throw unsupported(
        host, "installing on Windows for \(facts.architecture)",
        "The vendor has installers for amd64, arm64 and x86.")
    }
    if host.tailscale.sha256 != nil {
      guard case .pinned = host.tailscale.version else {
        throw unsupported(
          host, "tailscale.sha256 without a version",
          "A checksum belongs to one file, and the newest version changes.",
          hint: "set tailscale: {version: x.y.z} for \(host.key)")
      }
    }
    let mirror = mirror(of: host)
    // A mirror or a checksum says which file it shall be; winget would bring another.
    let ownSource = host.tailscale.mirror != nil || host.tailscale.sha256 != nil
    return InstallPlan(
      .installWindows,
      [
        RemoteCall.Parameter("MIRROR", mirror),
        RemoteCall.Parameter("ARCH", architecture),
        RemoteCall.Parameter("SHA256", host.tailscale.sha256 ?? ""),
        RemoteCall.Parameter("WINGET", ownSource ? "no" : "yes"),
      ], version: host.tailscale.version,
      words: "MSI for \(architecture) from \(mirror)" + (ownSource ? "" : ", else winget"))
  }

  /// What Windows calls them, and how the vendor names his files.
  private static let architectures = ["AMD64": "amd64", "ARM64": "arm64", "X86": "x86"]
}
