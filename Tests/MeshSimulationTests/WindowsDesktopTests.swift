import MeshCore
import MeshEngine
import MeshSimulation
import MeshTestSupport
import Testing

/// What the field report met on Windows: keys in the wrong place, and winget's other source.
@Suite("Keys and installers of a simulated Windows") struct WindowsDesktopTests {
  static let text = """
    hosts:
      win: {os: windows, owner: ops, bootstrap: {oem_dir: ./oem}}
      hand: {os: windows, owner: ops}
    """

  // MARK: Keys

  @Test(arguments: [SimulatedDesktop.Keys.missing, .userOnly, .looseACL])
  func aRefusedLoginIsMendedByWhatBootstrapSays(keys: SimulatedDesktop.Keys) async throws {
    let mesh = try Mesh(WindowsDesktopTests.text)
    for key in ["win", "hand"] { await mesh.change(key) { $0.desktop.keys = keys } }
    let shown = try await mesh.applier().planned().plan
    #expect(shown.hosts.map(\.action) == [.join, .blocked])
    #expect(shown.hosts[0].steps.first == .enableSSH)
    let warning = try #require(shown.hosts[0].diagnostics.first)
    #expect(warning.code == .bootstrapKeys && warning.severity == .warning)
    let error = try #require(shown.hosts[1].diagnostics.first)
    #expect(error.code == .sshAuthentication)
    #expect(error.hint?.hasPrefix("meshctl bootstrap windows --host hand ") == true)
    for finding in [warning, error] {
      #expect(finding.detail?.contains("administrators_authorized_keys") == true)
      #expect(finding.detail?.contains("ACL") == true)
      #expect(finding.evidence?.contains("Permission denied (publickey") == true)
    }

    let summary = try await mesh.apply()
    #expect(summary.outcomes.map(\.result) == [.changed, .blocked])
    #expect(await mesh.host("win").desktop.keys == .ok)
    #expect(await mesh.host("hand").desktop.keys == keys)
    #expect(await mesh.validKeys() == [])
  }

  /// Whoever is no administrator has a file of his own.
  @Test func theUsersOwnFileServesWhoIsNoAdministrator() async throws {
    let mesh = try Mesh(WindowsDesktopTests.text)
    await mesh.change("win") {
      $0.desktop.keys = .userOnly
      $0.privilege = .unavailable
    }
    let plan = try await mesh.applier().planned().plan
    #expect(plan.hosts[0].diagnostics.map(\.code) == [.elevateRefused])
  }

  /// A machine that is set up already reads nothing: it waits, and says what to run.
  @Test func filesThatNobodyReadsLeaveItWaiting() async throws {
    let mesh = try Mesh(WindowsDesktopTests.text)
    await mesh.change("win") {
      $0.desktop.keys = .looseACL
      $0.bootstrapWorks = false
    }
    let summary = try await mesh.apply()
    #expect(summary.outcomes.map(\.result) == [.waiting, .changed])
    let finding = try #require(summary.outcomes[0].diagnostics.first { $0.severity == .error })
    #expect(finding.code == .bootstrapKeys)
    #expect(finding.hint?.contains(#"C:\OEM\install.bat"#) == true)
  }

  @Test func aWorldFileKeepsWhatADesktopHas() async throws {
    let mesh = try Mesh(WindowsDesktopTests.text)
    await mesh.change("win") {
      $0.desktop.keys = .looseACL
      $0.desktop.storeCertificateFails = true
    }
    let world = try World(parsing: await mesh.world.world().text)
    #expect(world.hosts["win"]?.desktop == (await mesh.host("win")).desktop)
    #expect(world.hosts["win"]?.desktop.keys == .looseACL)
  }

  // MARK: winget

  static let certificate = -1_978_335_138

  @Test func theScriptNeverAsksMsstore() throws {
    let arguments = WingetCall.arguments
    let source = try #require(arguments.firstIndex(of: "--source"))
    #expect(arguments[source + 1] == "winget")
    #expect(SimulatedWinget(storeCertificateFails: true).run(arguments).exit == 0)
  }

  /// What happens to whoever leaves it out, as the report did.
  @Test func withoutTheSourceTheCertificateEndsIt() {
    let bare = WingetCall.arguments.filter { !["--source", "winget"].contains($0) }
    let failed = SimulatedWinget(storeCertificateFails: true).run(bare)
    #expect(failed.exit == WindowsDesktopTests.certificate)
    #expect(WingetClassifier.verdict(failed.exit, text: failed.text).problem == .installSource)
    #expect(SimulatedWinget(storeCertificateFails: false).run(bare).exit == 0)
  }

  @Test func otherMistakesAreWingetsOwn() {
    let winget = SimulatedWinget()
    for (wrong, code) in [("Tailscale.Tailscale", 0x14), ("--accept-source-agreements", 0x46)] {
      let ending = winget.run(WingetCall.arguments.filter { $0 != wrong })
      let verdict = WingetClassifier.verdict(ending.exit, text: ending.text)
      #expect(verdict.code == UInt32(code) && verdict.problem == .installSource)
    }
  }

  @Test func wingetInstallsWhereTheMSICannotBeFetched() async throws {
    let mesh = try Mesh(WindowsDesktopTests.text)
    await mesh.change("win") {
      $0.desktop.packageUnreachable = true
      $0.desktop.storeCertificateFails = true
    }
    let summary = try await mesh.apply()
    #expect(summary.outcomes.map(\.result) == [.changed, .changed])
    let warning = try #require(
      summary.outcomes[0].diagnostics.first { $0.code == .installByWinget })
    #expect(warning.message.contains("the MSI could not be fetched"))
    #expect(warning.message.contains("--source winget"))
    #expect(warning.detail?.contains("msstore, is never asked") == true)
    #expect(warning.evidence?.contains("Could not resolve host: pkgs.tailscale.com") == true)
    #expect(!summary.outcomes[1].diagnostics.contains { $0.code == .installByWinget })
  }

  /// A mirror says which file it shall be, so winget does not bring another.
  @Test func aMirrorOfOnesOwnIsNotReplaced() async throws {
    let mesh = try Mesh(
      "hosts: {win: {os: windows, owner: ops, tailscale: {mirror: \"https://m.example.com/x\"}}}")
    await mesh.change("win") { $0.desktop.packageUnreachable = true }
    let summary = try await mesh.apply()
    #expect(summary.outcomes.map(\.result) == [.failed])
    let finding = try #require(summary.outcomes[0].diagnostics.first)
    #expect(finding.code == .installDownload)
    #expect(finding.evidence?.contains("m.example.com") == true)
  }
}
