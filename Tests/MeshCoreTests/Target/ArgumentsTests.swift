import MeshCore
import Testing

@Suite struct ArgumentsTests {
  private let server = "https://Mesh.example.com:443/"

  private func prefs(_ change: (inout ReportedPreferences) -> Void) -> ReportedPreferences {
    var prefs = ReportedPreferences()
    prefs.noStatefulFiltering = true
    change(&prefs)
    return prefs
  }

  private func routes(_ texts: String...) throws -> [IPPrefix] { try texts.map(IPPrefix.parse) }

  @Test func firstJoin() throws {
    #expect(
      UpArguments.join(HostFixture.host(), server: try HostFixture.url(server), current: nil) == [
        "--reset", "--login-server=https://mesh.example.com", "--hostname=web1",
        "--accept-routes=false", "--accept-dns=true", "--ssh=false", "--shields-up=false",
        "--advertise-routes=", "--advertise-exit-node=false",
      ])
  }

  @Test func inventoryWinsAndTheRestIsKept() throws {
    let host = try HostFixture.host {
      $0.name = "web-1"
      $0.preferences.acceptRoutes = true
      $0.preferences.shieldsUp = false
      $0.exitNode = true
      $0.routes = try routes("10.2.0.0/16", "10.1.0.0/16")
    }
    let current = prefs {
      $0.controlURL = "https://mesh.example.com"
      $0.acceptDNS = false
      $0.tailscaleSSH = true
      $0.shieldsUp = true
      $0.operatorUser = "ops"
      $0.advertiseRoutes = ["192.168.0.0/24"]
      $0.advertiseTags = ["tag:x"]
      $0.netfilterMode = 1
      $0.noSNAT = true
      $0.noStatefulFiltering = false
      $0.exitNodeIP = "100.64.0.9"
      $0.exitNodeAllowLANAccess = true
    }
    let flags = UpArguments.join(
      host, server: try HostFixture.url(server), current: current, forceReauth: true)
    #expect(
      flags == [
        "--reset", "--login-server=https://mesh.example.com", "--hostname=web-1",
        "--accept-routes=true", "--accept-dns=false", "--ssh=true", "--shields-up=false",
        "--advertise-routes=10.1.0.0/16,10.2.0.0/16", "--advertise-exit-node=true",
        "--operator=ops", "--netfilter-mode=nodivert", "--snat-subnet-routes=false",
        "--stateful-filtering=true", "--exit-node=100.64.0.9",
        "--exit-node-allow-lan-access=true", "--force-reauth",
      ])
    #expect(!flags.contains { $0.hasPrefix("--advertise-tags") || $0.hasPrefix("--auth-key") })
  }

  @Test func unmanagedHalfOfRoutesIsKept() throws {
    let current = prefs { $0.advertiseRoutes = ["10.0.0.0/8", "0.0.0.0/0", "::/0"] }
    let url = try HostFixture.url(server)
    let kept = UpArguments.join(HostFixture.host(), server: url, current: current)
    #expect(
      kept.contains("--advertise-routes=10.0.0.0/8") && kept.contains("--advertise-exit-node=true"))
    let dropped = UpArguments.join(
      HostFixture.host { $0.exitNode = false }, server: url, current: current)
    #expect(dropped.contains("--advertise-routes=10.0.0.0/8"))
    #expect(dropped.contains("--advertise-exit-node=false"))
  }

  /// Windows: unattended, or the node goes with the command; no flag that its client does not know.
  @Test func windowsHasFlagsOfItsOwn() throws {
    let url = try HostFixture.url(server)
    let host = HostFixture.host("win-lab") {
      $0.os = .windows
      $0.preferences.operatorUser = "ops"
    }
    #expect(
      UpArguments.join(host, server: url, current: nil) == [
        "--reset", "--login-server=https://mesh.example.com", "--hostname=win-lab",
        "--accept-routes=true",
        "--accept-dns=true", "--unattended", "--shields-up=false", "--advertise-routes=",
        "--advertise-exit-node=false",
      ])
    let current = prefs {
      $0.controlURL = server
      $0.acceptRoutes = false
      $0.operatorUser = "x"
      $0.exitNodeIP = "100.64.0.9"
    }
    let again = UpArguments.join(host, server: url, current: current, forceReauth: true)
    #expect(again.contains("--accept-routes=false") && again.contains("--exit-node=100.64.0.9"))
    #expect(again.contains("--unattended") && again.last == "--force-reauth")
    for flag in ["--operator", "--ssh", "--netfilter-mode", "--snat", "--stateful"] {
      #expect(!again.contains { $0.hasPrefix(flag) }, "\(flag)")
    }
  }

  @Test func exitNodeBelongsToOneMesh() throws {
    let current = prefs {
      $0.controlURL = "https://other.example.com"
      $0.exitNodeIP = "100.64.0.9"
    }
    let url = try HostFixture.url(server)
    let moved = UpArguments.join(HostFixture.host(), server: url, current: current)
    #expect(!moved.contains { $0.hasPrefix("--exit-node") })
    let byID = prefs {
      $0.controlURL = "https://mesh.example.com"
      $0.exitNodeID = "7"
    }
    let named = UpArguments.join(
      HostFixture.host(), server: url, current: byID, exitNodeAddress: "100.64.0.7")
    #expect(named.contains("--exit-node=100.64.0.7"))
    let unnamed = UpArguments.join(HostFixture.host(), server: url, current: byID)
    #expect(!unnamed.contains { $0.hasPrefix("--exit-node") })
  }

  @Test func driftNamesOnlyWhatDrifted() throws {
    let accepting = prefs { $0.acceptRoutes = true }
    #expect(SetArguments.drift(HostFixture.host(), from: accepting) == [])
    let host = HostFixture.host {
      $0.preferences.acceptRoutes = true
      $0.preferences.acceptDNS = false
      $0.preferences.tailscaleSSH = true
      $0.preferences.shieldsUp = true
      $0.preferences.operatorUser = "ops"
    }
    let shielded = prefs { $0.shieldsUp = true }
    #expect(
      SetArguments.drift(host, from: shielded) == [
        "--accept-routes=true", "--accept-dns=false", "--ssh=true", "--operator=ops",
      ])
  }

  @Test(arguments: [
    (["10.0.0.0/8"] as [String]?, nil as Bool?, ["10.0.0.0/8"], [] as [String]),
    (["10.0.0.0/8"], nil, ["0.0.0.0/0", "::/0"], ["--advertise-routes=10.0.0.0/8"]),
    ([], nil, ["10.0.0.0/8", "0.0.0.0/0", "::/0"], ["--advertise-routes="]),
    (nil, true, ["10.0.0.0/8"], ["--advertise-exit-node=true"]),
    (nil, false, ["10.0.0.0/8", "0.0.0.0/0", "::/0"], ["--advertise-exit-node=false"]),
    (nil, true, ["0.0.0.0/0", "::/0"], []),
    (
      ["10.0.0.0/8"], false, ["::/0", "0.0.0.0/0"],
      ["--advertise-routes=10.0.0.0/8", "--advertise-exit-node=false"]
    ),
    (nil, nil, ["10.0.0.0/8"], []),
  ])
  func routeDrift(wanted: [String]?, exitNode: Bool?, now: [String], flags: [String]) throws {
    let host = try HostFixture.host {
      $0.routes = try wanted?.map(IPPrefix.parse)
      $0.exitNode = exitNode
    }
    let current = prefs { $0.advertiseRoutes = now }
    #expect(SetArguments.drift(host, from: current) == flags)
  }

  @Test func movedUnasked() {
    let before = prefs {
      $0.controlURL = "https://a"
      $0.acceptRoutes = true
      $0.shieldsUp = true
      $0.operatorUser = "ops"
      $0.advertiseRoutes = ["10.0.0.0/8", "0.0.0.0/0", "::/0"]
      $0.advertiseTags = ["tag:old"]
      $0.runWebClient = true
      $0.autoUpdateApply = true
      $0.profileName = "work"
      $0.postureChecking = true
      $0.relayServerPort = 4000
      $0.netfilterMode = 0
      $0.exitNodeID = "7"
      $0.advertiseServices = ["svc:a"]
    }
    let after = prefs {
      $0.controlURL = "https://a"
      $0.shieldsUp = false
    }
    let host = HostFixture.host {
      $0.preferences.shieldsUp = false
      $0.routes = []
    }
    let moved = MovedPreferences(before: before, after: after, host: host)
    #expect(
      moved.restore == [
        "--accept-routes=true", "--operator=ops", "--advertise-exit-node=true",
        "--netfilter-mode=off", "--webclient=true", "--auto-update=true", "--nickname=work",
        "--posture-checking=true", "--relay-server-port=4000",
      ])
    #expect(moved.lost.count == 3)
    let warnings = moved.warnings(on: host)
    #expect(warnings.allSatisfy { $0.code == .clientMoved && $0.severity == .warning })
    let known = MovedPreferences(
      before: before, after: after, host: host, exitNodeAddress: "100.64.0.7")
    #expect(known.restore.contains("--exit-node=100.64.0.7") && known.lost.count == 2)
  }

  @Test func nothingMoved() {
    let prefs = prefs { $0.exitNodeIP = "100.64.0.9" }
    #expect(MovedPreferences(before: prefs, after: prefs, host: HostFixture.host()).isEmpty)
    var resolved = prefs
    resolved.exitNodeIP = ""
    resolved.exitNodeID = "9"
    #expect(MovedPreferences(before: prefs, after: resolved, host: HostFixture.host()).isEmpty)
  }

  @Test func calls() throws {
    let call = RemoteCall.join(arguments: ["--a=1", "--b"], key: .preAuthKey, timeout: 60)
    #expect(call.parameters == [.init("ARGS", "--a=1\n--b"), .init("TIMEOUT", "60")])
    #expect(call.secretFiles == [.init("AUTH_KEY_FILE", .preAuthKey)] && call.elevated)
    #expect(RemoteCall.join(arguments: UpArguments.bare, key: nil).secretFiles.isEmpty)
    let check = RemoteCall.checkServer(try HostFixture.url("http://[fd00::1]:8080/x"))
    #expect(
      check.parameters.map(\.value) == ["http", "fd00::1", "8080", "http://[fd00::1]:8080/x", ""])
  }
}
