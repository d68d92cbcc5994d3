import MeshCore
import Testing

/// Every installing script against managers that behave like the real ones, in every shell.
@Suite(.timeLimit(.minutes(5))) struct InstallConversationTests {
  @Test(arguments: ShellRun.shells, rpm + zypper + pacman + apk + apt)
  func conversation(shell: [String], row: Conversation) async throws {
    try await row.check(in: shell)
  }

  static func call(
    _ script: ScriptName, _ parameters: [String: String] = [:], version: String = "present"
  ) -> RemoteCall {
    RemoteCall(
      script,
      parameters: parameters.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) }
        + [.init("VERSION", version)], elevated: true, timeout: 60)
  }

  static let key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\nabc\n"

  // MARK: dnf and yum

  static func dnf(
    _ name: String, version: String = "present", program: String = "dnf",
    repository: String = "http://mirror/fedora", mood: String = "", installed: String? = nil,
    daemon: String? = nil, key: String? = Self.key, _ change: (inout Conversation) -> Void
  ) -> Conversation {
    var row = Conversation(
      "\(program): \(name)",
      call(.installDNF, ["REPOSITORY": repository], version: version))
    row.prepare = { host in
      try host.program(program, FakePrograms.dnf)
      try host.offer("1.80.0", "1.102.3")
      try host.write("mood", mood)
      if let key { try host.write("mirror/fedora/repo.gpg", key) }
      if let installed { try host.install(installed, daemon: daemon) }
    }
    change(&row)
    return row
  }

  static let rpm: [Conversation] = [
    dnf("fresh") {
      $0.version = "1.102.3"
      $0.files = [
        "etc/yum.repos.d/tailscale.repo": "baseurl=http://mirror/fedora/$basearch",
        "etc/pki/rpm-gpg/RPM-GPG-KEY-tailscale": key,
      ]
      $0.log = ["makecache", "dnf -y install tailscale\n"]
    },
    dnf("a signature is demanded") {
      $0.version = "1.102.3"
      $0.files = ["etc/yum.repos.d/tailscale.repo": "repo_gpgcheck=1\ngpgcheck=1\ngpgkey=file:///"]
    },
    dnf("yum where there is no dnf", program: "yum") {
      $0.version = "1.102.3"
      $0.log = ["yum -y install tailscale\n"]
    },
    dnf("pinned", version: "1.80.0") {
      $0.version = "1.80.0"
      $0.log = ["install tailscale-1.80.0"]
    },
    dnf("pinned up", version: "1.102.3", installed: "1.80.0", daemon: "1.80.0") {
      $0.version = "1.102.3"
      $0.files = ["run/daemon": "1.102.3"]
      $0.log = ["systemctl restart tailscaled"]
    },
    dnf("pinned down", version: "1.80.0", installed: "1.102.3", daemon: "1.102.3") {
      $0.version = "1.80.0"
      $0.files = ["run/daemon": "1.80.0"]
    },
    dnf("pinned down with dnf 5", version: "1.80.0", mood: "dnf5\n", installed: "1.102.3") {
      $0.version = "1.80.0"
      $0.log = ["downgrade tailscale-1.80.0"]
      // Nothing ran before, so nothing is started.
      $0.notRun = ["systemctl"]
    },
    dnf("already that version", version: "1.80.0", installed: "1.80.0", daemon: "1.80.0") {
      $0.version = "1.80.0"
      $0.notRun = ["dnf", "systemctl"]
    },
    dnf(
      "that version, but the daemon is older", version: "1.80.0", installed: "1.80.0",
      daemon: "1.78.1"
    ) {
      $0.version = "1.80.0"
      $0.files = ["run/daemon": "1.80.0"]
      $0.notRun = ["dnf"]
    },
    dnf("present is kept", installed: "1.56.0", daemon: "1.56.0") {
      $0.version = "1.56.0"
      $0.notRun = ["dnf"]
    },
    dnf("latest", version: "latest", installed: "1.80.0", daemon: "1.80.0") {
      $0.version = "1.102.3"
      $0.log = ["upgrade tailscale"]
      $0.files = ["run/daemon": "1.102.3"]
    },
    dnf("unknown version", version: "9.9.9") {
      $0.stage = "version"
      $0.evidence = "No match for argument: tailscale-9.9.9"
    },
    dnf("unknown version with dnf 5", version: "9.9.9", mood: "dnf5\n") {
      $0.stage = "version"
      $0.evidence = "Failed to resolve the transaction"
    },
    dnf("no key", key: nil) {
      $0.stage = "download"
      $0.evidence = "could not fetch http://mirror/fedora/repo.gpg"
      $0.missing = ["etc/yum.repos.d/tailscale.repo"]
    },
    dnf("a page instead of the key", key: "<html>please log in</html>") {
      $0.stage = "key"
      $0.evidence = "is not an OpenPGP key"
      $0.missing = ["etc/yum.repos.d/tailscale.repo"]
    },
    dnf("a repository of another key", mood: "bad-key\n") {
      $0.stage = "update"
      $0.evidence = "Bad GPG signature"
      $0.notRun = ["install tailscale"]
    },
    dnf("somebody holds the lock", mood: "locked\n") { $0.version = "1.102.3" },
    dnf("the distribution's package", repository: "") {
      $0.version = "1.102.3"
      $0.missing = ["etc/yum.repos.d/tailscale.repo"]
      $0.notRun = ["makecache"]
    },
    dnf("not in the distribution", repository: "", mood: "missing\n") {
      $0.stage = "version"
      $0.evidence = "Unable to find a match"
    },
  ]

  // MARK: zypper

  static func zypper(
    _ name: String, version: String = "present", mood: String = "", installed: String? = nil,
    daemon: String? = nil, repository: String = "http://mirror/opensuse/tumbleweed",
    _ change: (inout Conversation) -> Void
  ) -> Conversation {
    var row = Conversation(
      "zypper: \(name)",
      call(.installZypper, ["REPOSITORY": repository], version: version))
    row.prepare = { host in
      try host.program("zypper", FakePrograms.zypper)
      try host.program("rpm", "#!/bin/sh\necho \"rpm $*\" >>'@ROOT@/log'\n[ \"$1\" = --import ]\n")
      try host.offer("1.80.0", "1.102.3")
      try host.write("mood", mood)
      try host.write("mirror/opensuse/tumbleweed/repo.gpg", key)
      if let installed { try host.install(installed, daemon: daemon) }
    }
    change(&row)
    return row
  }

  static let zypper: [Conversation] = [
    zypper("fresh") {
      $0.version = "1.102.3"
      $0.files = ["etc/zypp/repos.d/tailscale.repo": "type=rpm-md\ngpgcheck=1"]
      $0.log = ["rpm --import", "refresh tailscale-stable", "--non-interactive install"]
    },
    zypper("a remark is no failure", mood: "remark\n") { $0.version = "1.102.3" },
    zypper("pinned down", version: "1.80.0", installed: "1.102.3", daemon: "1.102.3") {
      $0.version = "1.80.0"
      $0.log = ["--oldpackage"]
      $0.files = ["run/daemon": "1.80.0"]
    },
    zypper("pinned up", version: "1.102.3", installed: "1.80.0") { $0.version = "1.102.3" },
    zypper("latest", version: "latest", installed: "1.80.0") {
      $0.version = "1.102.3"
      $0.log = ["update tailscale"]
    },
    zypper("unknown version", version: "9.9.9") {
      $0.stage = "version"
      $0.evidence = "No provider of"
    },
    zypper("a repository of another key", mood: "bad-key\n") {
      $0.stage = "update"
      $0.evidence = "Signature verification failed"
    },
    zypper("somebody holds the lock", mood: "locked\n") { $0.version = "1.102.3" },
    zypper("the distribution's package", repository: "") {
      $0.version = "1.102.3"
      $0.notRun = ["rpm", "refresh"]
      $0.missing = ["etc/zypp/repos.d/tailscale.repo"]
    },
  ]

  // MARK: pacman and apk

  static func pacman(
    _ name: String, version: String = "present", mood: String = "", installed: String? = nil,
    oldLists: Bool = false, _ change: (inout Conversation) -> Void
  ) -> Conversation {
    var row = Conversation("pacman: \(name)", call(.installPacman, version: version))
    row.prepare = { host in
      try host.program("pacman", FakePrograms.pacman)
      try host.offer("1.102.3")
      try host.write("mood", mood)
      if oldLists { try host.write("old-lists", "") }
      if let installed { try host.install(installed, daemon: installed) }
    }
    change(&row)
    return row
  }

  static let pacman: [Conversation] = [
    pacman("fresh") {
      $0.version = "1.102.3"
      $0.log = ["-S --needed tailscale"]
      $0.notRun = ["-Sy"]
    },
    pacman("old lists", oldLists: true) {
      $0.version = "1.102.3"
      $0.log = ["-Sy --needed tailscale"]
    },
    pacman("old lists and no mirror", mood: "offline\n", oldLists: true) {
      $0.stage = "update"
      $0.evidence = "failed to synchronize all databases"
    },
    pacman("somebody holds the lock", mood: "locked\n") { $0.version = "1.102.3" },
    pacman("the version that there is", version: "1.102.3", installed: "1.80.0") {
      $0.version = "1.102.3"
      $0.files = ["run/daemon": "1.102.3"]
    },
    pacman("another version", version: "1.80.0") {
      $0.stage = "version"
      $0.evidence = "pacman's repositories hold 1.102.3 of tailscale, not 1.80.0"
      $0.notRun = ["-S --needed"]
    },
    pacman("latest", version: "latest", installed: "1.80.0") {
      $0.version = "1.102.3"
      $0.log = ["-Sy"]
    },
  ]

  static func apk(
    _ name: String, version: String = "present", mood: String = "", installed: String? = nil,
    repositories: String =
      "https://mirror/alpine/v3.22/main\nhttps://mirror/alpine/v3.22/community\n",
    _ change: (inout Conversation) -> Void
  ) -> Conversation {
    var row = Conversation("apk: \(name)", call(.installAPK, version: version), systemd: false)
    row.prepare = { host in
      try host.program("apk", FakePrograms.apk)
      try host.program(
        "rc-service",
        "#!/bin/sh\necho \"rc-service $*\" >>'@ROOT@/log'\ntailscale version | head -n 1 >'@ROOT@/run/daemon'\n"
      )
      try host.offer("1.102.3")
      try host.write("mood", mood)
      try host.write("etc/apk/repositories", repositories)
      if let installed { try host.install(installed, daemon: installed) }
    }
    change(&row)
    return row
  }

  static let apk: [Conversation] = [
    apk("fresh") {
      $0.version = "1.102.3"
      $0.log = ["apk --wait 120 --no-progress --update-cache add tailscale\n"]
    },
    apk("without the community repository", repositories: "#c\nhttps://mirror/alpine/v3.22/main\n")
    {
      $0.version = "1.102.3"
      $0.files = [
        "etc/apk/repositories":
          "https://mirror/alpine/v3.22/main\nhttps://mirror/alpine/v3.22/community\n"
      ]
    },
    apk("no repository that could be taken", repositories: "/media/cdrom/apks\n") {
      $0.stage = "install"
      $0.evidence = "tailscale (no such package)"
    },
    apk("somebody holds the lock", mood: "locked\n") { $0.version = "1.102.3" },
    apk("the version that there is", version: "1.102.3", installed: "1.80.0") {
      $0.version = "1.102.3"
      $0.log = ["rc-service tailscale restart"]
    },
    apk("another version", version: "1.80.0") {
      $0.stage = "version"
      $0.evidence = "do not hold tailscale 1.80.0"
    },
    apk("another version, and no mirror", version: "1.80.0", mood: "offline\n") {
      $0.stage = "update"
      $0.evidence = "DNS lookup error"
    },
  ]

  // MARK: apt

  static func apt(
    _ name: String, version: String = "present", mood: String = "", installed: String? = nil,
    daemon: String? = nil, mirror: String = "http://mirror", key: [UInt8] = [0x99, 0x01, 0x0D],
    _ change: (inout Conversation) -> Void
  ) -> Conversation {
    var row = Conversation(
      "apt: \(name)",
      call(
        .installApt,
        ["MIRROR": mirror, "REPO_OS": mirror.isEmpty ? "" : "debian", "CODENAME": "bookworm"],
        version: version))
    row.prepare = { host in
      try host.program("apt-get", FakePrograms.apt)
      try host.program("apt-cache", "#!/bin/sh\nexit 0\n")
      try host.offer("1.80.0", "1.102.3")
      try host.write("mood", mood)
      try host.write("mirror/debian/bookworm.noarmor.gpg", bytes: key)
      if let installed { try host.install(installed, daemon: daemon) }
    }
    change(&row)
    return row
  }

  static let apt: [Conversation] = [
    apt("fresh") {
      $0.version = "1.102.3"
      $0.files = [
        "etc/apt/sources.list.d/tailscale.list": "http://mirror/debian bookworm main",
        "usr/share/keyrings/tailscale-archive-keyring.gpg": "",
      ]
    },
    apt("pinned down", version: "1.80.0", installed: "1.102.3", daemon: "1.102.3") {
      $0.version = "1.80.0"
      $0.log = ["--allow-downgrades tailscale=1.80.0"]
      $0.files = ["run/daemon": "1.80.0"]
    },
    apt("an armored key, which apt does not take", key: Array(key.utf8)) {
      $0.stage = "key"
      $0.evidence = "is not an OpenPGP key"
    },
    apt("unknown version", version: "9.9.9") {
      $0.stage = "version"
      $0.evidence = "E: Version '9.9.9' for 'tailscale' was not found"
    },
    apt("a repository of another key", mood: "bad-key\n") {
      $0.stage = "update"
      $0.evidence = "is not signed"
    },
    apt("somebody holds the lock", mood: "locked\n") { $0.version = "1.102.3" },
    apt("the distribution's package", mood: "missing\n", mirror: "") {
      $0.stage = "install"
      $0.evidence = "Unable to locate package tailscale"
      $0.missing = ["etc/apt/sources.list.d/tailscale.list"]
    },
  ]
}
