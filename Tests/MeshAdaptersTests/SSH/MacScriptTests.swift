import Foundation
import MeshCore
import Testing

/// Conversations with the scripts for macOS, in shells that exist here.
///
/// Fake programs answer as on a Mac, on paths of a test's own. Nothing of it has run on a real Mac.
@Suite(.timeLimit(.minutes(2))) struct MacScriptTests {
  final class Mac: Sendable {
    let folder: String
    let shell: [String]

    init(_ shell: [String]) throws {
      self.shell = shell
      folder = "/tmp/meshctl-mac-\(UUID().uuidString.prefix(8))"
      try FileManager.default.createDirectory(
        atPath: folder + "/LaunchDaemons", withIntermediateDirectories: true)
      try program(
        "uname",
        "[ \"$1\" = -m ] && echo arm64 || { [ \"$1\" = -n ] && echo mac-1.local || echo Darwin; }")
      try program("sw_vers", "echo 15.5")
      try program(
        "id",
        "case $1 in -Gn) echo staff admin;; -un) cat \(folder)/me 2>/dev/null || echo jane;; -u) [ \"$(cat \(folder)/me 2>/dev/null)\" = root ] && echo 0 || echo 501;; esac"
      )
      // Runs what root runs as the owner, and says so.
      try program(
        "sudo",
        "[ \"$1\" = -n ] && [ \"$2\" = true ] && { echo 'sudo: a password is required' >&2; exit 1; }\necho \"sudo $*\" >>\(folder)/log\nwhile [ \"$1\" != -- ]; do shift; done; shift; exec \"$@\""
      )
      try program("doas", "exit 127")
      try program(
        "ls",
        "case $2 in *brew) echo \"-rwxr-xr-x 1 $(cat \(folder)/owner 2>/dev/null || echo jane) admin 1 Jan 1 brew\";; *) exec /bin/ls \"$@\";; esac"
      )
      try program("sleep", "exit 0")
      try program(
        "launchctl",
        """
        echo "launchctl $*" >>\(folder)/log
        case $1 in
          kickstart) [ ! -e \(folder)/stuck ] || { echo 'Could not kickstart service' >&2; exit 113; }; : >\(folder)/running ;;
          bootstrap) echo 'Bootstrap failed: 5: Input/output error' >&2; exit 5 ;;
          print) [ -e \(folder)/running ] && echo '	state = running' || exit 113 ;;
        esac
        """)
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    func file(_ name: String, _ text: String = "", mode: Int = 0o644) throws {
      let place = URL(filePath: folder + "/" + name)
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: place)
      try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: place.path())
    }

    func program(_ name: String, _ body: String, in place: String = "bin") throws {
      try file(place + "/" + name, "#!/bin/sh\n" + body + "\n", mode: 0o755)
    }

    /// A client whose daemon answers once it runs.
    func installClient(in place: String = "homebrew/bin") throws {
      try program(
        "tailscale",
        """
        case $1 in
          version) [ "$2" = --json ] && echo '{"majorMinorPatch":"1.102.3","osVariant":"darwin"}' || printf '1.102.3\\n  tailscale commit: x\\n' ;;
          status) [ -e \(folder)/running ] && echo '{"BackendState":"NeedsLogin"}' || { echo 'failed to connect to local Tailscale service; is Tailscale running?' >&2; exit 1; } ;;
          debug) [ -e \(folder)/running ] && echo '{"ControlURL":""}' || exit 1 ;;
          down) echo down >>\(folder)/log ;;
        esac
        """, in: place)
      try program(
        "tailscaled", "echo \"tailscaled $*\" >>\(folder)/log; : >\(folder)/running", in: place)
    }

    func installBrew(owner: String = "jane") throws {
      try file("owner", owner)
      try program(
        "brew",
        """
        echo "brew $* as $(cat \(folder)/me 2>/dev/null || echo jane)" >>\(folder)/log
        [ ! -e \(folder)/brewless ] || { echo 'Error: no bottle available!' >&2; exit 1; }
        case $1 in
          install|upgrade) mv \(folder)/formula/* \(folder)/homebrew/bin/ ;;
          services) [ ! -e \(folder)/noservices ] || exit 1; : >\(folder)/LaunchDaemons/homebrew.mxcl.tailscale.plist; : >\(folder)/running ;;
        esac
        """, in: "homebrew/bin")
    }

    var log: String { (try? String(contentsOfFile: folder + "/log", encoding: .utf8)) ?? "" }

    func run(_ call: RemoteCall) async throws -> ScriptReport {
      let input = try ScriptRendering.standardInput(of: call, mark: "m", on: .macos).reveal()
        .replacingOccurrences(of: "/opt/homebrew", with: folder + "/homebrew")
        .replacingOccurrences(of: "/usr/local/bin/brew", with: folder + "/nobrew")
        .replacingOccurrences(of: "/Applications", with: folder + "/Applications")
        .replacingOccurrences(of: "/Library/LaunchDaemons", with: folder + "/LaunchDaemons")
        .replacingOccurrences(of: "=/etc/tailscale", with: "=" + folder + "/etc")
        .replacingOccurrences(of: "=/var/run/", with: "=" + folder + "/")
      let output = try await ShellRun.output(shell, input, path: folder + "/bin")
      let report = ScriptReport(parsing: output, mark: "m")
      #expect(report.isComplete, "\(output)")
      return report
    }

    func facts() async throws -> HostFacts? {
      let answer = RemoteAnswer(exitStatus: 0, report: try await run(.probe))
      let host = SSHArgumentsTests.host("mac-1") { $0.os = .macos }
      guard case .facts(let facts) = MacTarget.facts(in: answer, of: host) else { return nil }
      return facts
    }
  }

  private static let install = RemoteCall(
    .installBrew, parameters: [RemoteCall.Parameter("VERSION", "present")], elevated: true,
    timeout: 60)

  @Test(arguments: ShellRun.shells) func probe(shell: [String]) async throws {
    let mac = try Mac(shell)
    let bare = try #require(try await mac.facts())
    #expect(bare.os == .macos && bare.distributionVersion == "15.5" && bare.architecture == "arm64")
    #expect(bare.user == "jane" && bare.isAdmin && bare.elevation == .sudoPassword)
    #expect(bare.client == nil && bare.service == .missing && bare.mac?.brew == nil)
    #expect(bare.mac?.hasApp == false && bare.mac?.launchDaemon == nil)
    try mac.installBrew()
    try mac.installClient()
    let stopped = try #require(try await mac.facts())
    #expect(stopped.mac?.brew == mac.folder + "/homebrew/bin/brew")
    #expect(stopped.mac?.brewOwner == "jane" && stopped.packageManagers == ["brew"])
    #expect(stopped.client?.version == "1.102.3" && stopped.mac?.variant == "darwin")
    #expect(stopped.service == .stopped && stopped.client?.backendState == nil)
    #expect(stopped.client?.statusError?.contains("is Tailscale running?") == true)
    try mac.file("running")
    try mac.file("LaunchDaemons/com.tailscale.tailscaled.plist")
    let running = try #require(try await mac.facts())
    #expect(running.service == .running && running.client?.backendState == "NeedsLogin")
    #expect(running.mac?.launchDaemon == "com.tailscale.tailscaled")
    #expect(!mac.log.contains("brew"), "a probe runs no Homebrew")
  }

  @Test(arguments: ShellRun.shells) func logsOff(shell: [String]) async throws {
    let mac = try Mac(shell)
    try mac.installBrew()
    try mac.installClient()
    try mac.file("etc/tailscaled-env.txt", "TS_DEBUG=1\nTS_NO_LOGS_NO_SUPPORT=false\n")
    try mac.file("running")
    let call = RemoteCall.configureHost(forwarding: [], logsOff: true)
    #expect(try await mac.facts()?.settings == HostSettings())

    // Nothing restarts a daemon that is no LaunchDaemon; written down is not in force.
    let stuck = try await mac.run(call)
    #expect(stuck.status("stage") == 1 && stuck.text("stage") == "restart", "\(stuck)")
    #expect(stuck.text("client-logs") == "on")
    #expect(try await mac.facts()?.settings?.clientLogsOff == false)

    try mac.file("LaunchDaemons/homebrew.mxcl.tailscale.plist")
    let done = try await mac.run(call)
    #expect(done.status("stage") == 0 && done.text("client-logs") == "off", "\(done)")
    #expect(mac.log.contains("launchctl kickstart -k system/homebrew.mxcl.tailscale"))
    let file = mac.folder + "/etc/tailscaled-env.txt"
    let written = try String(contentsOfFile: file, encoding: .utf8)
    #expect(written == "TS_DEBUG=1\nTS_NO_LOGS_NO_SUPPORT=true\n")
    #expect(try await mac.facts()?.settings?.clientLogsOff == true)

    // A second run changes nothing.
    let before = mac.log
    #expect(try await mac.run(call).status("stage") == 0)
    #expect(mac.log == before)
  }

  @Test(arguments: ShellRun.shells) func probeOfTheApp(shell: [String]) async throws {
    let mac = try Mac(shell)
    try mac.program(
      "Tailscale",
      """
      [ "$TAILSCALE_BE_CLI" = 1 ] || { echo window >>\(mac.folder)/log; exit 1; }
      [ "$1" = version ] && { echo '{"short":"1.102.3","osVariant":"macsys"}'; exit 0; }
      echo 'The Tailscale GUI failed to start' >&2; exit 1
      """, in: "Applications/Tailscale.app/Contents/MacOS")
    let facts = try #require(try await mac.facts())
    #expect(facts.mac?.hasApp == true && facts.mac?.variant == "macsys")
    #expect(facts.client?.version == "1.102.3" && facts.client?.backendState == nil)
    #expect(!mac.log.contains("window"))
    let refused = try await mac.run(Self.install)
    #expect(
      refused.status("stage") == 1 && refused.text("evidence")?.contains("Tailscale.app") == true)
  }

  @Test(arguments: ShellRun.shells) func install(shell: [String]) async throws {
    let mac = try Mac(shell)
    let without = try await mac.run(Self.install)
    #expect(without.text("stage") == "install")
    #expect(without.text("evidence")?.hasPrefix("no Homebrew in") == true)
    try mac.installBrew()
    try mac.installClient(in: "formula")
    try mac.file("me", "root")
    let report = try await mac.run(Self.install)
    #expect(report.status("stage") == 0 && report.text("version") == "1.102.3", "\(report)")
    #expect(mac.log.contains("sudo -n -H -u jane -- env HOMEBREW_NO_ANALYTICS=1"))
    #expect(mac.log.contains("brew install --formula tailscale"))
    let log = mac.log
    let again = try await mac.run(Self.install)
    #expect(again.status("stage") == 0 && mac.log == log, "what is there is kept")
  }

  @Test(arguments: ShellRun.shells) func installAsTheOwner(shell: [String]) async throws {
    let mac = try Mac(shell)
    try mac.installBrew()
    try mac.installClient(in: "formula")
    #expect(try await mac.run(Self.install).status("stage") == 0)
    #expect(!mac.log.contains("sudo"))
    try mac.file("me", "eve")
    try FileManager.default.removeItem(atPath: mac.folder + "/homebrew/bin/tailscale")
    let stranger = try await mac.run(Self.install)
    #expect(stranger.text("evidence")?.hasSuffix("belongs to jane, and this is eve") == true)
    try mac.file("owner", "root")
    try mac.file("me", "root")
    let root = try await mac.run(Self.install)
    #expect(root.text("evidence")?.contains("refuses to work as root") == true)
    try mac.file("owner", "jane")
    try mac.file("brewless")
    let failed = try await mac.run(Self.install)
    #expect(
      failed.text("stage") == "install" && failed.text("evidence") == "Error: no bottle available!")
  }

  @Test(arguments: ShellRun.shells) func start(shell: [String]) async throws {
    let mac = try Mac(shell)
    #expect(try await mac.run(.startService).text("stage") == "missing")
    try mac.installBrew()
    try mac.installClient()
    let first = try await mac.run(.startService)
    #expect(first.status("stage") == 0 && first.text("state")?.contains("NeedsLogin") == true)
    #expect(mac.log.contains("brew services start tailscale"))
    let log = mac.log
    #expect(try await mac.run(.startService).status("stage") == 0)
    #expect(mac.log == log, "a daemon that answers is left alone")
    // Its job is there and does not run: launchd starts it, also where it is loaded already.
    try FileManager.default.removeItem(atPath: mac.folder + "/running")
    #expect(try await mac.run(.startService).status("stage") == 0)
    #expect(mac.log.contains("launchctl enable system/homebrew.mxcl.tailscale"))
    #expect(mac.log.contains("launchctl kickstart system/homebrew.mxcl.tailscale"))
    try FileManager.default.removeItem(atPath: mac.folder + "/running")
    try mac.file("stuck")
    let stuck = try await mac.run(.startService)
    #expect(stuck.text("stage") == "start" && stuck.text("evidence")?.contains("kickstart") == true)
  }

  @Test(arguments: ShellRun.shells) func startWithoutHomebrewsServices(shell: [String]) async throws
  {
    let mac = try Mac(shell)
    try mac.installBrew()
    try mac.installClient()
    try mac.file("noservices")
    #expect(try await mac.run(.startService).status("stage") == 0)
    #expect(mac.log.contains("tailscaled install-system-daemon"))
  }

  @Test(arguments: ShellRun.shells) func clearKeyAndLeave(shell: [String]) async throws {
    let mac = try Mac(shell)
    #expect(try await mac.run(.leave).text("down") == "no client is installed")
    try mac.installClient()
    try mac.installBrew()
    let none = try await mac.run(.clearKey)
    #expect(none.status("restart") == 69)
    try mac.file("LaunchDaemons/homebrew.mxcl.tailscale.plist")
    #expect(try await mac.run(.leave).status("down") == 0)
    #expect(mac.log.contains("launchctl disable system/homebrew.mxcl.tailscale"))
    let cleared = try await mac.run(.clearKey)
    #expect(cleared.status("restart") == 0 && cleared.text("state")?.contains("NeedsLogin") == true)
    #expect(mac.log.contains("launchctl kickstart -k system/homebrew.mxcl.tailscale"))
    #expect(try await mac.run(.leave).status("down") == 0)
    #expect(mac.log.hasSuffix("down\n"))
  }
}
