import Foundation
import MeshCore
import Testing

/// Every recorded answer of real clients goes through the parsers.
@Suite struct ClientParserTests {
  static let versions = ["hs0.26.1-ts1.82.0", "hs0.28.0-ts1.102.3", "hs0.29.2-ts1.102.3"]

  static func sample(_ version: String, _ name: String) throws -> String {
    let folder = try #require(Bundle.module.resourceURL).appending(
      path: "Cases/client/\(version)")
    return try String(contentsOf: folder.appending(path: name), encoding: .utf8)
  }

  @Test(
    arguments: versions,
    [
      ("tailscale-status.json", "Running", true), ("tailscale-status-self.json", "Running", true),
      ("tailscale-status-3.json", "Running", true),
      ("tailscale-status-with-route.json", "Running", true),
      ("tailscale-status-stopped.json", "Stopped", true),
      ("tailscale-status-expired.json", "NeedsLogin", true),
      ("tailscale-status-needslogin.json", "NeedsLogin", false),
      ("tailscale-status-loggedout.json", "NeedsLogin", false),
    ])
  func recordedStatus(version: String, row: (String, String, Bool)) throws {
    let status = try #require(ClientStatusParser.parse(try Self.sample(version, row.0)))
    #expect(status.backendState == row.1)
    #expect(status.haveNodeKey == row.2)
    #expect((status.nodeKey != nil) == row.2, "an all-zero key proves nothing")
    #expect(status.keyExpired == (row.0 == "tailscale-status-expired.json"))
    #expect(status.addresses.isEmpty == !row.2)
    #expect(status.authURL == nil)
    if row.1 == "Running" { #expect(status.selfOnline) }
  }

  @Test(arguments: versions) func everyStatusSampleIsCovered(version: String) throws {
    let folder = try #require(Bundle.module.resourceURL).appending(path: "Cases/client/\(version)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
    let statuses = names.filter { $0.hasPrefix("tailscale-status") }
    #expect(statuses.count == 8)
    for name in statuses {
      #expect(ClientStatusParser.parse(try Self.sample(version, name)) != nil, "\(name)")
    }
  }

  @Test(arguments: versions) func recordedPrefs(version: String) throws {
    let prefs = try #require(PrefsParser.parse(try Self.sample(version, "tailscale-prefs.json")))
    #expect(prefs.controlURL.hasPrefix("http://127.0.0.1:"))
    #expect(prefs.hostname == "node1")
    #expect(prefs.wantRunning && !prefs.loggedOut)
    #expect(prefs.acceptDNS && !prefs.acceptRoutes)
    #expect(prefs.noStatefulFiltering && prefs.netfilterMode == 2 && !prefs.noSNAT)
    #expect(prefs.advertiseRoutes.isEmpty && prefs.advertiseTags.isEmpty)
    #expect(prefs.autoUpdateCheck && prefs.autoUpdateApply == nil)
  }

  @Test(arguments: versions) func recordedVersion(version: String) throws {
    let expected = version.hasSuffix("1.82.0") ? "1.82.0" : "1.102.3"
    for name in ["tailscale-version.json", "tailscale-version-daemon.json"] {
      #expect(ClientVersionParser.parse(try Self.sample(version, name)) == expected)
    }
  }

  @Test func statusWithOddFields() throws {
    let status = try #require(
      ClientStatusParser.parse(
        """
        Warning: client version "a" != tailscaled server version "b"
        {"BackendState":"NeedsMachineAuth","New":{"Deep":[1,{}]},"TailscaleIPs":null,"Health":null,
         "AuthURL":"https://login","Self":{"PublicKey":null,"Online":null,
         "Created":"2026-11-22T21:25:28.520941214+01:00"},"Peer":null}
        """))
    #expect(status.backendState == "NeedsMachineAuth")
    #expect(status.authURL == "https://login")
    #expect(status.nodeKey == nil && !status.selfOnline && status.health.isEmpty)
  }

  @Test(arguments: ["", "null", "[]", "{}", "not json", "{\"BackendState\":"])
  func notAStatus(text: String) {
    #expect(ClientStatusParser.parse(text) == nil)
    #expect(PrefsParser.parse(text) == nil)
    #expect(ClientVersionParser.parse(text) == nil)
  }

  @Test func prefsWithOptionalFlagsAndRoutes() throws {
    let prefs = try #require(
      PrefsParser.parse(
        """
        {"ControlURL":"","AdvertiseRoutes":["10.1.2.3/8","0.0.0.0/0","::/0"],"NetfilterMode":1,
         "NoStatefulFiltering":"false","AutoUpdate":{"Check":false,"Apply":true},"ForceDaemon":true,
         "OperatorUser":"ops","RelayServerPort":40000,"AdvertiseServices":["svc:a"]}
        """))
    #expect(prefs.advertiseRoutes == ["10.0.0.0/8", "0.0.0.0/0", "::/0"])
    #expect(!prefs.noStatefulFiltering && prefs.netfilterMode == 1)
    #expect(!prefs.autoUpdateCheck && prefs.autoUpdateApply == true)
    #expect(prefs.operatorUser == "ops" && prefs.relayServerPort == 40000)
    #expect(prefs.advertiseServices == ["svc:a"])
  }
}
