/// Which of the vendor's apt repositories serves a release.
enum AptRepository {
  private static let ubuntuFamily: Set = [
    "ubuntu", "pop", "neon", "tuxedo", "elementary", "zorin",
  ]
  /// Rolling or renamed Debians: upstream's installer gives them a fixed release.
  private static let fixedDebian: Set = [
    "kali", "parrot", "mendel", "pureos", "kaisen", "osmc", "deepin", "industrial-os",
  ]

  /// By ID; nil where it is none of these.
  static func known(_ id: String, _ facts: HostFacts) -> LinuxDistribution.Way? {
    if fixedDebian.contains(id) { return .apt(os: "debian", codename: "bullseye") }
    if id == "debian" || id == "raspbian" || id == "sparky" {
      return way(id == "raspbian" ? "raspbian" : "debian", facts)
    }
    if ubuntuFamily.contains(id) { return way("ubuntu", facts) }
    switch id {
    case "linuxmint":
      return way(facts.distributionLike.contains("ubuntu") ? "ubuntu" : "debian", facts)
    case "pika":
      let major = major(facts) ?? 0
      return way(major < 4 && major > 0 ? "ubuntu" : "debian", facts)
    // Of Ubuntu 18.04, whose key has a form that apt no longer takes.
    case "galliumos": return .apt(os: nil, codename: "bionic")
    default: return nil
    }
  }

  static func related(to relative: String, _ facts: HostFacts) -> LinuxDistribution.Way {
    way(relative, facts)
  }

  private static func way(_ os: String, _ facts: HostFacts) -> LinuxDistribution.Way {
    let codename = facts.distributionCodename
    guard isCodename(codename), !isLegacy(facts) else { return .apt(os: nil, codename: "") }
    return .apt(os: os, codename: codename)
  }

  /// It becomes part of a URL and of a sources line.
  private static func isCodename(_ text: String) -> Bool {
    !text.isEmpty
      && text.unicodeScalars.allSatisfy {
        ("a"..."z").contains($0) || ("0"..."9").contains($0) || $0 == "-"
      }
  }

  private static func major(_ facts: HostFacts) -> Int? {
    facts.distributionVersion.split(separator: ".").first.flatMap { Int($0) }
  }

  /// Releases that old need a repository key of another form, which apt no longer takes.
  private static func isLegacy(_ facts: HostFacts) -> Bool {
    guard let major = major(facts) else { return false }
    switch facts.distribution {
    case "ubuntu", "pop", "neon", "tuxedo": return major < 20
    case "debian", "raspbian": return major < 11
    case "elementary": return major < 6
    case "zorin": return major < 16
    case "linuxmint": return major < 5
    default: return false
    }
  }
}
