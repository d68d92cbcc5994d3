/// Linux: which repository serves a host.
extension InstallPlan {
  /// Chooses the repository from what os-release says (reference tailscale-client.md §1.1).
  static func linux(_ host: Host, _ facts: HostFacts) throws(Failure) -> InstallPlan {
    switch host.tailscale.source {
    case .auto, .repository: break
    case .static, .package:
      throw unsupported(
        host, "tailscale.source: \(host.tailscale.source.rawValue)",
        "This version installs from the vendor's apt repository or a mirror of it; static"
          + " archives and distribution packages come with a later version.")
    }
    guard facts.packageManagers.contains("apt") else {
      let found = facts.packageManagers.first ?? "no package manager that it knows"
      throw unsupported(
        host, "installing on \(system(facts)) (\(found))",
        "This version installs with apt only; dnf, zypper, pacman, apk and static archives come"
          + " with a later version.")
    }
    guard let repository = repository(facts) else {
      throw unsupported(
        host, "installing on \(system(facts))",
        "Neither ID nor ID_LIKE of its os-release leads to a repository for apt.")
    }
    guard !isLegacy(facts) else {
      throw unsupported(
        host, "installing on \(system(facts))",
        "Releases that old need a repository key of another form, which apt no longer takes.")
    }
    let mirror = mirror(of: host)
    return InstallPlan(
      .installApt,
      [
        RemoteCall.Parameter("MIRROR", mirror),
        RemoteCall.Parameter("REPO_OS", repository.os),
        RemoteCall.Parameter("CODENAME", repository.codename),
      ], version: host.tailscale.version,
      words: "apt from \(mirror)/\(repository.os) \(repository.codename)")
  }

  private static let ubuntuFamily: Set = [
    "ubuntu", "pop", "neon", "tuxedo", "elementary", "zorin",
  ]
  /// Rolling or renamed Debians: upstream's installer gives them a fixed release.
  private static let fixedDebian: Set = [
    "kali", "parrot", "mendel", "pureos", "kaisen", "osmc", "deepin", "industrial-os",
  ]

  private static func repository(_ facts: HostFacts) -> (os: String, codename: String)? {
    let id = facts.distribution.lowercased()
    let codename = facts.distributionCodename
    if fixedDebian.contains(id) { return ("debian", "bullseye") }
    if id == "galliumos" { return ("ubuntu", "bionic") }
    guard isCodename(codename) else { return nil }
    if id == "debian" || id == "raspbian" || id == "sparky" {
      return (id == "raspbian" ? "raspbian" : "debian", codename)
    }
    if ubuntuFamily.contains(id) { return ("ubuntu", codename) }
    // Mint says `ubuntu debian`, its Debian edition only `debian`.
    if facts.distributionLike.contains("ubuntu") { return ("ubuntu", codename) }
    if facts.distributionLike.contains("debian") { return ("debian", codename) }
    return nil
  }

  /// It becomes part of a URL and of a sources line.
  private static func isCodename(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-"
      }
  }

  private static func isLegacy(_ facts: HostFacts) -> Bool {
    guard let major = facts.distributionVersion.split(separator: ".").first.flatMap({ Int($0) })
    else { return false }
    switch facts.distribution {
    case "ubuntu", "pop", "neon", "tuxedo": return major < 20
    case "debian", "raspbian": return major < 11
    case "elementary": return major < 6
    case "zorin": return major < 16
    case "linuxmint": return major < 5
    default: return false
    }
  }

  private static func system(_ facts: HostFacts) -> String {
    let name = [facts.distribution, facts.distributionVersion].filter { !$0.isEmpty }
    return name.isEmpty ? "a system without os-release" : name.joined(separator: " ")
  }
}
