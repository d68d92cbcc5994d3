/// Which package manager and which of the vendor's repositories serve a distribution: by ID, then by
/// ID_LIKE (reference tailscale-client.md §1.1).
package enum LinuxDistribution {
  /// Paths are those of the vendor's server; nil where it has no repository for that release.
  package enum Way: Sendable, Equatable {
    case apt(os: String?, codename: String)
    case dnf(path: String?)
    case zypper(path: String?)
    case pacman, apk
  }

  /// Nil where meshctl knows no package manager for it.
  package static func way(_ facts: HostFacts) -> Way? {
    let id = facts.distribution.lowercased()
    let way = known(id, facts) ?? related(facts)
    // What os-release promises has to be there.
    switch way {
    case .apt: return facts.packageManagers.contains("apt") ? way : nil
    case .dnf:
      let isThere = facts.packageManagers.contains("dnf") || facts.packageManagers.contains("yum")
      return isThere ? way : nil
    case .zypper: return facts.packageManagers.contains("zypper") ? way : nil
    case .pacman: return facts.packageManagers.contains("pacman") ? way : nil
    case .apk: return facts.packageManagers.contains("apk") ? way : nil
    case nil: return nil
    }
  }

  /// The vendor's word for what `uname -m` says; nil where there is no archive, or where the word does
  /// not tell which (`mips` has two byte orders).
  package static func archive(_ machine: String) -> String? {
    switch machine {
    case "x86_64", "amd64": "amd64"
    case "aarch64", "arm64": "arm64"
    case "i386", "i486", "i586", "i686": "386"
    case "riscv64": "riscv64"
    default: machine.hasPrefix("armv") && machine.count >= 5 ? "arm" : nil
    }
  }

  /// For messages.
  static func words(_ facts: HostFacts) -> String {
    let name = [facts.distribution, facts.distributionVersion].filter { !$0.isEmpty }
    return name.isEmpty ? "a system without os-release" : name.joined(separator: " ")
  }

  // MARK: By ID

  private static func known(_ id: String, _ facts: HostFacts) -> Way? {
    if let repository = AptRepository.known(id, facts) { return repository }
    let version = facts.distributionVersion
    let major = version.split(separator: ".").first.map(String.init) ?? ""
    switch id {
    case "fedora", "rocky", "almalinux", "nobara", "openmandriva", "sangoma", "risios",
      "cloudlinux", "alinux", "fedora-asahi-remix", "ultramarine":
      return .dnf(path: "fedora")
    case "centos", "xenenterprise": return .dnf(path: path("centos", major))
    case "ol": return .dnf(path: path("oracle", major))
    case "rhel", "miraclelinux": return .dnf(path: path("rhel", major))
    case "amzn": return .dnf(path: path("amazon-linux", version))
    case "opensuse-leap", "sles": return .zypper(path: path("opensuse/leap", version))
    case "opensuse-tumbleweed", "opensuse-slowroll":
      return .zypper(path: "opensuse/tumbleweed")
    case "sle-micro-rancher": return .zypper(path: "opensuse/leap/15.4")
    case "arch", "archarm", "endeavouros", "blendos", "garuda", "archcraft", "cachyos", "manjaro",
      "manjaro-arm", "biglinux":
      return .pacman
    case "alpine", "postmarketos": return .apk
    default: return nil
    }
  }

  /// It becomes part of a URL; releases are numbers with dots.
  private static func path(_ folder: String, _ release: String) -> String? {
    let isRelease =
      !release.isEmpty
      && release.unicodeScalars.allSatisfy { ("0"..."9").contains($0) || $0 == "." }
    return isRelease ? "\(folder)/\(release)" : nil
  }

  // MARK: By ID_LIKE

  private static func related(_ facts: HostFacts) -> Way? {
    for relative in facts.distributionLike.map({ $0.lowercased() }) {
      switch relative {
      // Mint says `ubuntu debian`, its Debian edition only `debian`.
      case "ubuntu", "debian": return AptRepository.related(to: relative, facts)
      case "fedora", "rhel", "centos": return .dnf(path: "fedora")
      case "suse", "opensuse", "opensuse-tumbleweed":
        return .zypper(path: "opensuse/tumbleweed")
      case "arch": return .pacman
      case "alpine": return .apk
      default: continue
      }
    }
    return nil
  }
}

/// Systems on which nothing may be installed this way.
extension LinuxDistribution {
  /// Why, and what a person does there instead.
  static func refusal(_ facts: HostFacts) -> (detail: String, hint: String)? {
    switch facts.distribution.lowercased() {
    case "nixos":
      return (
        "Its configuration decides what is installed.",
        "services.tailscale.enable = true; then nixos-rebuild switch"
      )
    case "bazzite": return ("It brings the client with it.", "ujust enable-tailscale")
    case "steamos":
      return (
        "Its system folders are replaced by every update.",
        "see https://github.com/tailscale-dev/deck-tailscale"
      )
    case "kde-linux":
      return ("Its system folders are replaced by every update.", "see kde.org/linux, Tailscale")
    case "openwrt":
      return ("Its storage is too small for the vendor's archive.", "opkg install tailscale")
    case "flatcar", "ubuntu-core", "talos":
      return ("Its image decides what is installed.", "add tailscale to its image or extensions")
    case "opensuse-microos", "sle-micro", "sl-micro", "opensuse-leap-micro", "opensuse-aeon",
      "opensuse-kalpa":
      return (
        "Packages come with a snapshot and a reboot there.",
        "transactional-update pkg install tailscale; then reboot"
      )
    default: break
    }
    guard facts.isImage else { return nil }
    return (
      "Its system folders cannot be written: it is an image-based system, or a container's image.",
      "rpm-ostree install tailscale where it has that, else add it to the image; then reboot"
    )
  }
}
