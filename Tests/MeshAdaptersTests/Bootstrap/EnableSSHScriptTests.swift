import Foundation
import MeshCore
import Testing
#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

@Suite("enable-ssh.sh", .timeLimit(.minutes(2))) struct EnableSSHScriptTests {
  static func request(
    _ os: OperatingSystem = .linux, _ keys: String = KeyHome.ed25519 + " it's; $(id)",
    user: String = "ops", port: Int? = nil, from: String? = nil
  ) throws -> BootstrapRequest {
    BootstrapRequest(
      os: os, keys: try AuthorizedKeys(parsing: keys, source: "x"), user: user, port: port,
      remoteAddress: try from.map { try IPPrefix.parse($0) })
  }

  private func machine(_ listening: [Int] = [22], systemd: Bool = true) throws -> MadeUpMachine {
    let machine = try MadeUpMachine(listening: listening)
    if systemd {
      try machine.make("run/systemd/system")
      try machine.program("systemctl", "case $* in is-*) exit 3;; 'cat ssh.service') exit 1;; esac")
    }
    return machine
  }

  @Test(arguments: ShellRun.shells) func keysAreMergedAndASecondTimeAddsNone(
    shell: [String]
  ) async throws {
    let machine = try machine()
    defer { machine.remove() }
    try machine.make("home/ops/.ssh")
    // Without a final line feed, and with the other key switched off.
    try machine.write(
      "root/home/ops/.ssh/authorized_keys", "#\(KeyHome.ed25519)\n\(KeyHome.other) mine")
    let request = try EnableSSHScriptTests.request(
      .linux, "\(KeyHome.ed25519) it's; $(touch /tmp/meshctl-pwned) é\n\(KeyHome.other)\n")
    let first = try await machine.run(shell, request)
    #expect(first.contains("1 added, 1 there already, 0 not a key"), "\(first)")
    #expect(first.hasSuffix("enable-ssh: ok: sshd listens on port 22\n"), "\(first)")
    let expected =
      "#\(KeyHome.ed25519)\n\(KeyHome.other) mine\n\(KeyHome.ed25519) it's; $(touch /tmp/meshctl-pwned) é\n"
    #expect(machine.read("root/home/ops/.ssh/authorized_keys") == expected)
    #expect(machine.mode("home/ops/.ssh/authorized_keys") == 0o600)
    let second = try await machine.run(shell, request)
    #expect(second.contains("0 added, 2 there already"), "\(second)")
    #expect(machine.read("root/home/ops/.ssh/authorized_keys") == expected)
    #expect(!FileManager.default.fileExists(atPath: "/tmp/meshctl-pwned"))
    #expect(machine.calls(of: "runuser").allSatisfy { $0.hasPrefix("-u ops -- sh -c") })
    #expect(machine.calls(of: "systemctl").contains("enable --now sshd.service"))
    #expect(machine.read("root/var/log/meshctl-enable-ssh.log").contains("ok: sshd listens"))
  }

  @Test(arguments: ShellRun.shells) func aNewAccountGetsItsFolder(shell: [String]) async throws {
    let machine = try machine()
    defer { machine.remove() }
    try machine.make("root")
    let said = try await machine.run(shell, try EnableSSHScriptTests.request(user: "root"))
    #expect(said.contains("1 added"), "\(said)")
    #expect(machine.mode("root/.ssh") == 0o700)
    #expect(machine.calls(of: "runuser").isEmpty)
  }

  @Test(arguments: ShellRun.shells) func aSocketThatListensIsLeftAlone(shell: [String]) async throws
  {
    let machine = try machine()
    defer { machine.remove() }
    try machine.program("systemctl", "case $* in 'cat sshd.service') exit 1;; esac")
    let said = try await machine.run(shell, try EnableSSHScriptTests.request())
    #expect(said.contains("ok:"), "\(said)")
    #expect(!machine.calls(of: "systemctl").contains { $0.hasPrefix("enable") })
  }

  /// Each manager with what it is asked; sshd appears by it.
  @Test(arguments: [
    ("apt-get", "-q -y -o DPkg::Lock::Timeout=120 install openssh-server"),
    ("dnf", "-y install openssh-server"), ("yum", "-y install openssh-server"),
    ("zypper", "--non-interactive install openssh-server"),
    ("pacman", "-S --noconfirm --needed openssh"), ("apk", "add openssh"),
  ])
  func whereThereIsNoServerItIsInstalled(manager: String, call: String) async throws {
    for shell in ShellRun.shells {
      let machine = try machine()
      defer { machine.remove() }
      try machine.bare()
      try FileManager.default.moveItem(
        atPath: machine.folder + "/bin/sshd", toPath: machine.folder + "/sshd")
      try machine.program(manager, "cp '\(machine.folder)/sshd' '\(machine.folder)/bin/sshd'")
      let said = try await machine.runBare(shell, try EnableSSHScriptTests.request())
      #expect(said.contains("ok:"), "\(shell) \(said)")
      #expect(machine.calls(of: manager) == [call], "\(shell)")
    }
  }

  @Test(arguments: ShellRun.shells) func itsRefusalsSayWhy(shell: [String]) async throws {
    let machine = try machine()
    defer { machine.remove() }
    let missing = try await machine.run(
      shell, try EnableSSHScriptTests.request(user: "nobody-here"))
    #expect(missing.contains("FAILED: there is no account nobody-here here"), "\(missing)")
    try machine.program(
      "systemctl", "case $* in enable*) echo 'Unit is masked.'; exit 1;; is-*) exit 3;; esac")
    let masked = try await machine.run(shell, try EnableSSHScriptTests.request())
    #expect(masked.contains("FAILED: ssh.service does not start: Unit is masked."), "\(masked)")
    #expect(machine.read("root/home/ops/.ssh/authorized_keys") == "")
    try machine.program("id", "echo 1000")
    let user = try await machine.run(shell, try EnableSSHScriptTests.request())
    #expect(user == "enable-ssh: FAILED: this needs root: put sudo in front\n", "\(user)")
  }

  @Test(arguments: ShellRun.shells) func cutInputRunsNothing(shell: [String]) async throws {
    let machine = try machine()
    defer { machine.remove() }
    let whole = BootstrapScript.standardInput(try EnableSSHScriptTests.request())
    for share in [0.3, 0.7, 0.99] {
      let part = String(whole.prefix(Int(Double(whole.count) * share)))
      let said = try await ShellRun.output(
        shell, part, path: machine.folder + "/bin",
        environment: ["MESHCTL_BOOTSTRAP_ROOT": machine.root])
      #expect(said == "" && machine.read("calls") == "", "\(share)")
    }
  }

  // MARK: Port and firewall

  @Test(arguments: ShellRun.shells) func anotherPortKeepsTheOldOne(shell: [String]) async throws {
    let machine = try machine([22, 2222])
    defer { machine.remove() }
    try machine.write("root/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n")
    let place = "etc/ssh/sshd_config.d/10-meshctl-port.conf"
    try machine.program(
      "sshd",
      "[ \"$1\" = -T ] || exit 0; [ -f '\(machine.root)/\(place)' ] && echo port 2222; echo port 22"
    )
    let request = try EnableSSHScriptTests.request(port: 2222)
    let said = try await machine.run(shell, request)
    #expect(said.contains("ok: sshd listens on port 22 2222"), "\(said)")
    #expect(machine.read("root/" + place) == "Port 22\nPort 2222\n")
    #expect(machine.calls(of: "systemctl").contains("restart sshd.service"))
    let before = machine.calls(of: "systemctl").count { $0.hasPrefix("restart") }
    _ = try await machine.run(shell, request)
    #expect(machine.calls(of: "systemctl").count { $0.hasPrefix("restart") } == before)
  }

  @Test(arguments: ShellRun.shells) func aSecondPortKeepsTheFirst(shell: [String]) async throws {
    let machine = try machine([22, 2222, 2223])
    defer { machine.remove() }
    try machine.write("root/etc/ssh/sshd_config", "Include /etc/ssh/sshd_config.d/*.conf\n")
    let place = "root/etc/ssh/sshd_config.d/10-meshctl-port.conf"
    try machine.write(place, "Port 22\nPort 2222\n")
    let said = try await machine.run(shell, try EnableSSHScriptTests.request(port: 2223))
    #expect(said.contains("ok:"), "\(said)")
    #expect(machine.read(place) == "Port 22\nPort 2222\nPort 2223\n")
  }

  /// openSUSE: a new /etc/ssh/sshd_config would hide the vendor's.
  @Test(arguments: ShellRun.shells) func theVendorsConfigurationIsNotHidden(
    shell: [String]
  ) async throws {
    let machine = try machine([22, 2222])
    defer { machine.remove() }
    let request = try EnableSSHScriptTests.request(port: 2222)
    let none = try await machine.run(shell, request)
    #expect(none.contains("FAILED: there is no "), "\(none)")
    try machine.make("usr/etc/ssh")
    let vendor = "root/usr/etc/ssh/sshd_config"
    try machine.write(vendor, "Include /usr/etc/ssh/sshd_config.d/*.conf\n")
    let refused = try await machine.run(shell, request)
    #expect(refused.contains("which includes nothing of /etc/ssh/sshd_config.d"), "\(refused)")
    try machine.write(vendor, "Include /etc/ssh/sshd_config.d/*.conf\n")
    let said = try await machine.run(shell, request)
    #expect(said.contains("ok:"), "\(said)")
    #expect(
      machine.read("root/etc/ssh/sshd_config.d/10-meshctl-port.conf") == "Port 22\nPort 2222\n")
    #expect(!FileManager.default.fileExists(atPath: machine.root + "/etc/ssh/sshd_config"))
  }

  @Test(arguments: ShellRun.shells) func onlyAWholeKeyBehindItsTypeIsOne(
    shell: [String]
  ) async throws {
    let machine = try machine()
    defer { machine.remove() }
    for file in BootstrapBundle.files(try EnableSSHScriptTests.request(user: "root")) {
      try machine.write(file.name, file.text)
    }
    try machine.make("root")
    let option = "command=\"echo ssh-rsa \(KeyHome.other.dropFirst(12))\" \(KeyHome.ed25519)"
    try machine.write("authorized_keys", "\(option)\nAAAA no type\nssh-ed25519 AAAAC3Nza\n")
    let said = try await ShellRun.output(
      shell, "exec \(shell.joined(separator: " ")) '\(machine.folder)/enable-ssh.sh'\n",
      path: machine.folder + "/bin", environment: ["MESHCTL_BOOTSTRAP_ROOT": machine.root])
    #expect(said.contains("1 added, 0 there already, 2 not a key"), "\(said)")
    #expect(machine.read("root/root/.ssh/authorized_keys") == option + "\n")
  }

  // MARK: The line

  @Test(arguments: ShellRun.shells) func theLineAddsAKeyOnceAndLeavesTheUmask(
    shell: [String]
  ) async throws {
    let machine = try machine()
    defer { machine.remove() }
    try machine.make("home/ops/.ssh")
    let keys = "root/home/ops/.ssh/authorized_keys"
    try machine.write(keys, "#\(KeyHome.ed25519)\nrestrict \(KeyHome.other)")
    try machine.program("sudo", "exit 0")
    let line = try BootstrapLine.of(
      EnableSSHScriptTests.request(.linux, "\(KeyHome.ed25519)\n\(KeyHome.other)"))
    let said = try await ShellRun.output(
      shell, "umask 022\n\(line)\n\(line)\numask\n", path: machine.folder + "/bin",
      environment: ["HOME": machine.root + "/home/ops"])
    #expect(said.hasSuffix("022\n"), "\(said)")
    let expected = "#\(KeyHome.ed25519)\nrestrict \(KeyHome.other)\n\(KeyHome.ed25519)\n"
    #expect(machine.read(keys) == expected)
    // Where the server could not be enabled nothing goes on.
    try machine.program("sudo", "exit 1")
    try machine.write(keys, "")
    _ = try await ShellRun.output(
      shell, line + "\n", path: machine.folder + "/bin",
      environment: ["HOME": machine.root + "/home/ops"])
    #expect(machine.read(keys) == "")
  }

  @Test(arguments: ShellRun.shells) func aConfigurationThatSSHDRefusesIsPutBack(
    shell: [String]
  ) async throws {
    let machine = try machine()
    defer { machine.remove() }
    try machine.write("root/etc/ssh/sshd_config", "Port 22\nMatch User x\n")
    try machine.program(
      "sshd", "[ \"$1\" = -T ] && echo port 22; [ \"$1\" = -t ] && { echo bad; exit 255; }; exit 0")
    let said = try await machine.run(shell, try EnableSSHScriptTests.request(port: 2222))
    #expect(said.contains("FAILED: sshd does not accept port 2222"), "\(said)")
    #expect(machine.read("root/etc/ssh/sshd_config") == "Port 22\nMatch User x\n")
  }

  @Test(arguments: ShellRun.shells) func onlyAnActiveFirewallIsOpened(shell: [String]) async throws
  {
    let machine = try machine()
    defer { machine.remove() }
    try machine.program("firewall-cmd", "[ \"$1\" = --state ] && exit 252; exit 0")
    try machine.program("ufw", "[ \"$1\" = status ] && echo 'Status: inactive'; exit 0")
    _ = try await machine.run(shell, try EnableSSHScriptTests.request())
    #expect(machine.calls(of: "firewall-cmd") == ["--state"])
    #expect(machine.calls(of: "ufw") == ["status"])
    try machine.program("firewall-cmd", "exit 0")
    try machine.program("ufw", "[ \"$1\" = status ] && echo 'Status: active'; exit 0")
    _ = try await machine.run(shell, try EnableSSHScriptTests.request(from: "10.0.0.0/24"))
    let rule =
      "--add-rich-rule=rule family=ipv4 source address=10.0.0.0/24 port port=22 protocol=tcp accept"
    #expect(machine.calls(of: "firewall-cmd").suffix(2) == [rule, "--permanent " + rule])
    #expect(machine.calls(of: "ufw").last == "allow proto tcp from 10.0.0.0/24 to any port 22")
  }

  // MARK: Without an init system, and what stays in the way

  @Test(arguments: ShellRun.shells) func openRCAndNoInit(shell: [String]) async throws {
    let machine = try machine(systemd: false)
    defer { machine.remove() }
    let none = try await machine.run(shell, try EnableSSHScriptTests.request())
    #expect(none.contains("WARNING: no init system"), "\(none)")
    #expect(none.contains("ok:"))
    try machine.make("run/openrc")
    try machine.program("rc-service", "[ \"$2\" = status ] && exit 3; exit 0")
    try machine.program("rc-update", "exit 0")
    let openrc = try await machine.run(shell, try EnableSSHScriptTests.request())
    #expect(!openrc.contains("WARNING: no init"), "\(openrc)")
    #expect(machine.calls(of: "rc-update") == ["add sshd default"])
    #expect(machine.calls(of: "rc-service") == ["sshd status", "sshd start"])
  }

  @Test(arguments: ShellRun.shells) func whatWouldKeepTheKeyOutIsSaid(shell: [String]) async throws
  {
    let machine = try machine()
    defer { machine.remove() }
    try machine.write("root/etc/shadow", "ops:!:19000::::::\n")
    try machine.program(
      "sshd",
      "[ \"$1\" = -T ] && printf '%s\\n' 'port 22' 'usepam no' 'pubkeyauthentication no' 'authorizedkeysfile /etc/keys/%u'; exit 0"
    )
    let said = try await machine.run(shell, try EnableSSHScriptTests.request())
    #expect(said.contains("WARNING: sshd_config forbids keys"), "\(said)")
    #expect(said.contains("WARNING: sshd reads other files: AuthorizedKeysFile /etc/keys/%u"))
    #expect(said.contains("WARNING: ops is locked"))
  }

  // MARK: As a file

  @Test(arguments: ShellRun.shells) func theFileReadsTheKeysBesideIt(shell: [String]) async throws {
    let machine = try machine()
    defer { machine.remove() }
    for file in BootstrapBundle.files(try EnableSSHScriptTests.request()) {
      try machine.write(file.name, file.text)
    }
    let said = try await ShellRun.output(
      shell, "exec \(shell.joined(separator: " ")) '\(machine.folder)/enable-ssh.sh'\n",
      path: machine.folder + "/bin", environment: ["MESHCTL_BOOTSTRAP_ROOT": machine.root])
    #expect(said.contains("1 added") && said.contains("ok:"), "\(said)")
    try machine.write("authorized_keys", "-----BEGIN OPENSSH PRIVATE KEY-----\n")
    let refused = try await ShellRun.output(
      shell, "exec \(shell.joined(separator: " ")) '\(machine.folder)/enable-ssh.sh'\n",
      path: machine.folder + "/bin", environment: ["MESHCTL_BOOTSTRAP_ROOT": machine.root])
    #expect(refused.contains("FAILED: the keys hold a private key"), "\(refused)")
  }

  // MARK: macOS

  @Test(arguments: ShellRun.shells) func remoteLoginByLaunchdWhereFullDiskAccessLacks(
    shell: [String]
  ) async throws {
    let machine = try MadeUpMachine()
    defer { machine.remove() }
    let on = "'\(machine.folder)/on'"
    try machine.program(
      "launchctl", "case $1 in print) [ -f \(on) ];; bootstrap) : >\(on);; esac")
    try machine.program(
      "systemsetup",
      "echo 'setremotelogin: Turning Remote Login on or off requires Full Disk Access privileges.'")
    try machine.program(
      "dscl",
      "case $* in *NFSHomeDirectory) echo 'NFSHomeDirectory: /home/ops';; *access_ssh) exit 0;; *) exit 1;; esac"
    )
    try machine.program("dseditgroup", "[ \"$2\" = edit ]")
    try machine.program("sudo", "shift 2; exec \"$@\"")
    // macOS has no runuser.
    try FileManager.default.removeItem(atPath: machine.folder + "/bin/runuser")
    try machine.bare()
    let request = try EnableSSHScriptTests.request(.macos)
    let said = try await machine.runBare(shell, request)
    #expect(said.contains("Full Disk Access") && said.contains("ok: Remote Login is on"), "\(said)")
    #expect(
      machine.calls(of: "dseditgroup").last == "-o edit -a ops -t user com.apple.access_ssh")
    #expect(machine.read("root/home/ops/.ssh/authorized_keys").hasPrefix(KeyHome.ed25519))
    let again = try await machine.runBare(shell, request)
    #expect(again.contains("Remote Login is on already"), "\(again)")
    #expect(machine.calls(of: "systemsetup").count == 1)
  }
}
