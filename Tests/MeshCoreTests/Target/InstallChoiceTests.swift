import MeshCore
import Testing

/// Which way a client gets onto a host, by what os-release says and which managers are there.
@Suite struct InstallChoiceTests {
  struct Row: Sendable, CustomTestStringConvertible {
    /// `ID VERSION_ID CODENAME ID_LIKE…`, `-` where a field is missing.
    var release: String
    var managers: String
    /// The script's name with its parameters that are not empty, without mirror and version; or
    /// `refused` and a part of the message or hint.
    var expected: String
    var source = ClientInstallation.Source.auto
    var version = ClientInstallation.Version.present
    var machine = "x86_64"
    /// The package manager that knows the installed client; `none` for a client of none.
    var client: String?
    var sha256: String?
    var isImage = false

    var testDescription: String { "\(release) \(managers) \(source) → \(expected)" }

    var facts: HostFacts {
      var facts = HostFacts(os: .linux, elevation: .sudo)
      let words = release.split(separator: " ").map { $0 == "-" ? "" : String($0) }
      facts.distribution = words[0]
      facts.distributionVersion = words.count > 1 ? words[1] : ""
      facts.distributionCodename = words.count > 2 ? words[2] : ""
      facts.distributionLike = Array(words.dropFirst(3))
      facts.packageManagers = managers.split(separator: " ").map(String.init)
      facts.architecture = machine
      facts.isImage = isImage
      if let client {
        facts.client = ClientFacts(version: "1.80.0")
        facts.clientPackage = client == "none" ? nil : client
      }
      return facts
    }
  }

  private static func row(
    _ release: String, _ managers: String, _ expected: String,
    _ change: (inout Row) -> Void = { _ in }
  ) -> Row {
    var row = Row(release: release, managers: managers, expected: expected)
    change(&row)
    return row
  }

  static let byID = [
    row("debian 12 bookworm", "apt", "install-apt debian bookworm"),
    row("debian 13 trixie", "apt", "install-apt debian trixie"),
    row("debian - trixie", "apt", "install-apt debian trixie"),
    row("ubuntu 24.04 noble debian", "apt", "install-apt ubuntu noble"),
    row("ubuntu 20.04 focal debian", "apt", "install-apt ubuntu focal"),
    row("pop 22.04 jammy ubuntu debian", "apt", "install-apt ubuntu jammy"),
    row("neon 24.04 noble ubuntu debian", "apt", "install-apt ubuntu noble"),
    row("tuxedo 24.04 noble ubuntu", "apt", "install-apt ubuntu noble"),
    row("elementary 8 noble ubuntu", "apt", "install-apt ubuntu noble"),
    row("zorin 17 jammy ubuntu", "apt", "install-apt ubuntu jammy"),
    row("linuxmint 22 noble ubuntu debian", "apt", "install-apt ubuntu noble"),
    row("linuxmint 6 bookworm debian", "apt", "install-apt debian bookworm"),
    row("raspbian 12 bookworm debian", "apt", "install-apt raspbian bookworm"),
    row("kali 2025.3 kali-rolling debian", "apt", "install-apt debian bullseye"),
    row("parrot 6.4 lory debian", "apt", "install-apt debian bullseye"),
    row("pureos 10 byzantium debian", "apt", "install-apt debian bullseye"),
    row("Deepin 23 beige debian", "apt", "install-apt debian bullseye"),
    row("osmc 11 bullseye debian", "apt", "install-apt debian bullseye"),
    row("sparky 7 bookworm debian", "apt", "install-apt debian bookworm"),
    row("pika 4 trixie debian", "apt", "install-apt debian trixie"),
    row("pika 3 lunar ubuntu", "apt", "install-apt ubuntu lunar"),
    row("fedora 42 -", "dnf yum", "install-dnf fedora"),
    row("nobara 41 - fedora", "dnf", "install-dnf fedora"),
    row("rocky 9.5 - rhel centos fedora", "dnf yum", "install-dnf fedora"),
    row("almalinux 10.0 - rhel centos fedora", "dnf", "install-dnf fedora"),
    row("centos 9 - rhel fedora", "dnf", "install-dnf centos/9"),
    row("centos 7 - rhel fedora", "yum", "install-dnf centos/7"),
    row("rhel 9.4 - fedora", "dnf", "install-dnf rhel/9"),
    row("ol 8.10 - fedora", "dnf", "install-dnf oracle/8"),
    row("miraclelinux 9.2 - rhel fedora", "dnf", "install-dnf rhel/9"),
    row("amzn 2023 - fedora", "dnf yum", "install-dnf amazon-linux/2023"),
    row("amzn 2 - centos rhel fedora", "yum", "install-dnf amazon-linux/2"),
    row("opensuse-leap 15.6 - suse opensuse", "zypper", "install-zypper opensuse/leap/15.6"),
    row("sles 15.6 - suse", "zypper", "install-zypper opensuse/leap/15.6"),
    row(
      "opensuse-tumbleweed 20251101 - opensuse suse", "zypper",
      "install-zypper opensuse/tumbleweed"),
    row("opensuse-slowroll 20251101 - opensuse", "zypper", "install-zypper opensuse/tumbleweed"),
    row("arch - -", "pacman", "install-pacman"),
    row("manjaro - - arch", "pacman", "install-pacman"),
    row("cachyos - - arch", "pacman", "install-pacman"),
    row("alpine 3.22.1 -", "apk", "install-apk"),
    row("postmarketos v25.06 - alpine", "apk", "install-apk"),
  ]

  static let byRelatives = [
    row("newthing 1 trixie debian", "apt", "install-apt debian trixie"),
    row("newbuntu 26 noble ubuntu debian", "apt", "install-apt ubuntu noble"),
    row("eurolinux 9.4 - rhel fedora centos", "dnf", "install-dnf fedora"),
    row("newsuse 1 - suse", "zypper", "install-zypper opensuse/tumbleweed"),
    row("artix - - arch", "pacman", "install-pacman"),
    row("chimera-alpine 1 - alpine", "apk", "install-apk"),
  ]

  static let byArchive = [
    row("void - -", "xbps", "install-static amd64"),
    row("gentoo 2.17 -", "emerge", "install-static amd64"),
    row("photon 5.0 -", "tdnf", "install-static amd64"),
    row("slackware 15.0 -", "", "install-static arm64") { $0.machine = "aarch64" },
    row("- - -", "", "install-static 386") { $0.machine = "i686" },
    row("other 1 -", "apt", "install-static arm") { $0.machine = "armv7l" },
    row("other 1 -", "apt", "install-static riscv64") { $0.machine = "riscv64" },
    // What os-release promises is not there.
    row("fedora 42 -", "apt", "install-static amd64"),
    row("debian 12 bookworm", "", "install-static amd64"),
    // No repository any more, or a text that must not become part of a URL.
    row("debian 10 buster", "apt", "install-static amd64"),
    row("ubuntu 18.04 bionic debian", "apt", "install-static amd64"),
    row("galliumos 3.1 bionic ubuntu", "apt", "install-static amd64"),
    row("debian 12 a/b", "apt", "install-static amd64"),
    row("centos x;y - rhel", "dnf", "install-static amd64"),
    // Such repositories hold one version.
    row("alpine 3.22.1 -", "apk", "install-static amd64") { $0.version = .pinned("1.80.0") },
    row("arch - -", "pacman", "install-static amd64") { $0.version = .pinned("1.80.0") },
    row("debian 12 bookworm", "apt", "install-static amd64") { $0.source = .static },
    row("debian 12 bookworm", "apt", "install-static amd64 ab12") {
      $0.version = .pinned("1.80.0")
      $0.sha256 = "ab12"
    },
    // A client that no package manager knows is renewed the way it came.
    row("debian 12 bookworm", "apt", "install-static amd64") { $0.client = "none" },
  ]

  static let bySource = [
    row("debian 12 bookworm", "apt", "install-apt debian bookworm") { $0.source = .repository },
    row("debian 12 bookworm", "apt", "install-apt debian bookworm") { $0.client = "apt" },
    row("debian 12 bookworm", "apt", "install-apt") { $0.source = .package },
    row("fedora 42 -", "dnf", "install-dnf") { $0.source = .package },
    row("opensuse-leap 15.6 - suse", "zypper", "install-zypper") { $0.source = .package },
    row("alpine 3.22.1 -", "apk", "install-apk") { $0.source = .package },
    // The manager may hold exactly that version; its script says where not.
    row("alpine 3.22.1 -", "apk", "install-apk") {
      $0.client = "apk"
      $0.version = .pinned("1.84.0")
    },
  ]

  static let refused = [
    row("nixos 25.11 warbler", "", "refused services.tailscale.enable = true"),
    row("bazzite 43 - fedora", "dnf", "refused ujust enable-tailscale"),
    row("steamos 3.7 - arch", "pacman", "refused deck-tailscale"),
    row("kde-linux - -", "", "refused kde.org"),
    row("openwrt 24.10 -", "", "refused opkg install tailscale"),
    row("flatcar 4459 - coreos", "", "refused image or extensions"),
    row("opensuse-microos 20251101 - suse", "zypper", "refused transactional-update"),
    row("fedora 42 -", "dnf", "refused rpm-ostree") { $0.isImage = true },
    row("alpine 3.22.1 -", "apk", "refused tailscale.source: repository") {
      $0.source = .repository
    },
    row("void - -", "xbps", "refused tailscale.source: package") { $0.source = .package },
    row("debian 10 buster", "apt", "refused tailscale.source: repository") {
      $0.source = .repository
    },
    row("debian 12 bookworm", "apt", "refused a client that apt installed") {
      $0.client = "apt"
      $0.source = .static
    },
    row("debian 12 bookworm", "apt", "refused tailscale.sha256 with") {
      $0.source = .repository
      $0.sha256 = "ab12"
    },
    row("fedora 42 -", "dnf", "refused tailscale.sha256 with") {
      $0.source = .package
      $0.sha256 = "ab12"
    },
    row("debian 12 bookworm", "apt", "refused without a pinned") {
      $0.source = .static
      $0.sha256 = "ab12"
    },
    row("debian 12 bookworm", "apt", "refused mips") {
      $0.source = .static
      $0.machine = "mips"
    },
    row("void - -", "xbps", "refused sparc64") { $0.machine = "sparc64" },
  ]

  @Test(arguments: byID + byRelatives + byArchive + bySource + refused)
  func choice(row: Row) throws {
    let host = HostFixture.host {
      $0.tailscale.source = row.source
      $0.tailscale.version = row.version
      $0.tailscale.sha256 = row.sha256
      $0.tailscale.mirror = "http://mirror/stable/"
    }
    do {
      let plan = try InstallPlan.choose(for: host, facts: row.facts)
      let words = plan.parameters.compactMap { parameter -> String? in
        let value =
          parameter.value.hasPrefix("http://mirror/stable/")
          ? String(parameter.value.dropFirst("http://mirror/stable/".count)) : parameter.value
        let isShown = !["MIRROR", "VERSION"].contains(parameter.name) && !value.isEmpty
        return isShown ? value : nil
      }
      #expect(([plan.script.rawValue] + words).joined(separator: " ") == row.expected)
      #expect(plan.parameters.last == .init("VERSION", InstallPlan.text(of: row.version)))
      #expect(!plan.words.isEmpty && plan.script.installs)
    } catch {
      let finding = error.diagnostic
      #expect(finding.code == .installUnsupported && finding.host == "web1")
      let needle = row.expected.dropFirst("refused ".count)
      let said = [finding.message, finding.hint ?? ""].joined(separator: "\n")
      #expect(row.expected.hasPrefix("refused ") && said.contains(needle), "\(finding)")
      #expect(finding.detail?.isEmpty == false && finding.hint?.isEmpty == false)
    }
  }

  @Test func thereAreEnoughRows() {
    #expect(Self.byID.count >= 40)
  }

  /// The address and the words of a plan come from the mirror of the inventory.
  @Test func parametersAsTheScriptReadsThem() throws {
    let host = HostFixture.host { $0.tailscale.version = .pinned("1.80.0") }
    let facts = Self.byID[0].facts
    let call = RemoteCall.install(try InstallPlan.choose(for: host, facts: facts))
    #expect(
      call.parameters.map { "\($0.name)=\($0.value)" } == [
        "MIRROR=https://pkgs.tailscale.com/stable", "REPO_OS=debian", "CODENAME=bookworm",
        "VERSION=1.80.0",
      ])
    #expect(!call.isDetached && call.elevated)
    let upgrade = RemoteCall.upgrade(try InstallPlan.choose(for: host, facts: facts))
    #expect(upgrade.isDetached && upgrade.parameters == call.parameters)
  }
}
