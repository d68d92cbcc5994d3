/// Linux: the vendor's repository where there is one for the distribution, else the distribution's own
/// package, else the vendor's archive (reference tailscale-client.md §1.1, §1.2).
extension InstallPlan {
  static func linux(_ host: Host, _ facts: HostFacts) throws(Failure) -> InstallPlan {
    if let refusal = LinuxDistribution.refusal(facts) {
      throw unsupported(
        host, "installing on \(LinuxDistribution.words(facts))", refusal.detail,
        hint: "on \(host.key): \(refusal.hint)")
    }
    let way = LinuxDistribution.way(facts)
    let isPackaged = facts.client != nil && facts.clientPackage != nil
    switch host.tailscale.source {
    case .static: return try archive(host, facts)
    case .repository:
      guard let plan = try vendor(way, host, facts) else {
        throw unsupported(
          host, "tailscale.source: repository on \(LinuxDistribution.words(facts))",
          "The vendor has no repository for it.",
          hint: "set tailscale: {source: auto} for \(host.key)")
      }
      return try verifiedByManager(plan, host)
    case .package:
      guard let plan = package(way, host) else {
        throw unsupported(
          host, "tailscale.source: package on \(LinuxDistribution.words(facts))",
          "meshctl installs distribution packages with apt, dnf, yum, zypper, pacman and apk.",
          hint: "set tailscale: {source: static} for \(host.key)")
      }
      return try verifiedByManager(plan, host)
    case .auto:
      // A checksum belongs to an archive; so does a client that no package manager knows.
      if host.tailscale.sha256 != nil || (facts.client != nil && !isPackaged) {
        return try archive(host, facts)
      }
      if let plan = try vendor(way, host, facts) { return plan }
      // Such repositories hold one version, so that a certain one can only come from the archive.
      if case .pinned = host.tailscale.version, !isPackaged { return try archive(host, facts) }
      if way == .pacman || way == .apk, let plan = package(way, host) { return plan }
      return try archive(host, facts)
    }
  }

  /// The vendor's repository; nil where there is none.
  private static func vendor(
    _ way: LinuxDistribution.Way?, _ host: Host, _ facts: HostFacts
  ) throws(Failure) -> InstallPlan? {
    let mirror = mirror(of: host)
    switch way {
    case .apt(let os?, let codename):
      return InstallPlan(
        .installApt,
        [
          RemoteCall.Parameter("MIRROR", mirror), RemoteCall.Parameter("REPO_OS", os),
          RemoteCall.Parameter("CODENAME", codename),
        ], version: host.tailscale.version, words: "apt from \(mirror)/\(os) \(codename)")
    case .dnf(let path?): return rpm(.installDNF, "dnf", "\(mirror)/\(path)", host)
    case .zypper(let path?): return rpm(.installZypper, "zypper", "\(mirror)/\(path)", host)
    case .apt(nil, _), .dnf(nil), .zypper(nil), .pacman, .apk, nil: return nil
    }
  }

  /// The distribution's own package; nil where meshctl does not know its package manager.
  private static func package(_ way: LinuxDistribution.Way?, _ host: Host) -> InstallPlan? {
    switch way {
    case .apt:
      InstallPlan(
        .installApt,
        [
          RemoteCall.Parameter("MIRROR", ""), RemoteCall.Parameter("REPO_OS", ""),
          RemoteCall.Parameter("CODENAME", ""),
        ], version: host.tailscale.version, words: "apt, the distribution's package")
    case .dnf: rpm(.installDNF, "dnf", "", host)
    case .zypper: rpm(.installZypper, "zypper", "", host)
    case .pacman:
      InstallPlan(
        .installPacman, [], version: host.tailscale.version,
        words: "pacman, the distribution's package")
    case .apk:
      InstallPlan(
        .installAPK, [], version: host.tailscale.version, words: "apk, the distribution's package")
    case nil: nil
    }
  }

  private static func rpm(
    _ script: ScriptName, _ manager: String, _ repository: String, _ host: Host
  ) -> InstallPlan {
    InstallPlan(
      script, [RemoteCall.Parameter("REPOSITORY", repository)], version: host.tailscale.version,
      words: manager
        + (repository.isEmpty ? ", the distribution's package" : " from \(repository)"))
  }

  /// A package manager checks its repository's signature, and takes no checksum.
  private static func verifiedByManager(
    _ plan: InstallPlan, _ host: Host
  ) throws(Failure) -> InstallPlan {
    guard host.tailscale.sha256 != nil else { return plan }
    throw unsupported(
      host, "tailscale.sha256 with tailscale.source: \(host.tailscale.source.rawValue)",
      "It belongs to the vendor's archive; a package manager checks its repository's signature.",
      hint: "remove tailscale.sha256 of \(host.key), or set tailscale.source: static")
  }

  private static func archive(_ host: Host, _ facts: HostFacts) throws(Failure) -> InstallPlan {
    if facts.client != nil, let package = facts.clientPackage {
      throw unsupported(
        host, "the vendor's archive over a client that \(package) installed",
        "The package manager would not know of it, and put its own back one day.",
        hint: "on \(host.key), remove the package tailscale; or set tailscale: {source: auto}")
    }
    guard let architecture = LinuxDistribution.archive(facts.architecture) else {
      throw unsupported(
        host, "installing on \(LinuxDistribution.words(facts)), \(facts.architecture)",
        "Neither a package nor an archive of the vendor is known for it.")
    }
    if host.tailscale.sha256 != nil {
      guard case .pinned = host.tailscale.version else {
        throw unsupported(
          host, "tailscale.sha256 without a pinned tailscale.version",
          "A checksum belongs to the archive of one version.",
          hint: "set tailscale: {version: x.y.z} for \(host.key)")
      }
    }
    let mirror = mirror(of: host)
    let version =
      switch host.tailscale.version {
      case .pinned(let version): version
      case .present, .latest: "VERSION"
      }
    return InstallPlan(
      .installStatic,
      [
        RemoteCall.Parameter("MIRROR", mirror), RemoteCall.Parameter("ARCH", architecture),
        RemoteCall.Parameter("SHA256", host.tailscale.sha256 ?? ""),
      ], version: host.tailscale.version,
      words: "the archive \(mirror)/tailscale_\(version)_\(architecture).tgz")
  }
}
