/// Which repository serves a host, and which version is asked for.
package struct InstallPlan: Sendable, Equatable {
  /// Where the vendor publishes; a mirror has the same layout.
  package static let vendorMirror = "https://pkgs.tailscale.com/stable"

  /// Base URL without a final slash.
  package var mirror: String
  /// `debian`, `ubuntu` or `raspbian`.
  package var repositoryOS: String
  package var codename: String
  package var version: ClientInstallation.Version

  /// Chooses the repository from what os-release says (reference tailscale-client.md §1.1).
  ///
  /// - Throws: `Failure` (`MESH-INSTALL-UNSUPPORTED`) where this version cannot install there.
  package static func choose(for host: Host, facts: HostFacts) throws(Failure) -> InstallPlan {
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
    var mirror = host.tailscale.mirror ?? vendorMirror
    while mirror.hasSuffix("/") { mirror.removeLast() }
    return InstallPlan(
      mirror: mirror, repositoryOS: repository.os, codename: repository.codename,
      version: host.tailscale.version)
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

  private static func unsupported(_ host: Host, _ what: String, _ detail: String) -> Failure {
    Failure(
      .installUnsupported, "\(what) is not supported yet", detail: detail,
      hint: "install tailscale on \(host.key) by hand, then run meshctl again", host: host.key)
  }
}

extension InstallPlan {
  /// The `VERSION` parameter of the script.
  package var versionText: String {
    switch version {
    case .present: "present"
    case .latest: "latest"
    case .pinned(let version): version
    }
  }
}
