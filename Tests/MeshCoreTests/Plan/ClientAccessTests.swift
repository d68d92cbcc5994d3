import MeshCore
import Testing

/// Who may change a client without root.
@Suite struct ClientAccessTests {
  private func facts(
    _ elevation: HostFacts.Elevation = .sudoPassword, operated by: String = "ops",
    _ change: (inout HostFacts) -> Void = { _ in }
  ) -> HostFacts {
    var facts = HostFacts(os: .linux, elevation: elevation)
    facts.user = "ops"
    facts.client = ClientFacts(version: "1.102.3")
    facts.client?.backendState = "Running"
    facts.client?.preferences = ReportedPreferences()
    facts.client?.preferences?.operatorUser = by
    change(&facts)
    return facts
  }

  @Test func whoOperates() throws {
    let host = HostFixture.host()
    #expect(ClientAccess.operates(host, facts()))
    #expect(ClientAccess.operates(host, facts(.refused)))
    #expect(!ClientAccess.operates(host, facts(.root)), "root has no need of it")
    #expect(!ClientAccess.operates(host, facts(.sudo)), "root that is there is used")
    #expect(!ClientAccess.operates(host, facts(operated: "eve")))
    #expect(!ClientAccess.operates(host, facts(operated: "")))
    #expect(!ClientAccess.operates(host, facts { $0.user = "" }))
    #expect(!ClientAccess.operates(host, nil))
    #expect(!ClientAccess.operates(host, facts { $0.client?.backendState = nil }))
    let handsOver = HostFixture.host { $0.preferences.operatorUser = "eve" }
    #expect(!ClientAccess.operates(handsOver, facts()), "it would shut itself out halfway")
    let mac = facts(operated: "") { $0.isAdmin = true }
    #expect(!ClientAccess.operates(host, mac), "admins are something of macOS only")
  }

  @Test func whatNeedsRootAllTheSame() throws {
    let host = HostFixture.host()
    func elevated(_ call: RemoteCall, _ facts: HostFacts) -> Bool {
      ClientAccess.adapted(call, host, facts).elevated
    }
    let operated = facts()
    for call in [
      RemoteCall.setPreferences(arguments: []), .join(arguments: [], key: nil), .leave, .clearKey,
    ] {
      #expect(!elevated(call, operated) && elevated(call, facts(operated: "eve")))
    }
    for call in [RemoteCall.startService, .elevate] { #expect(elevated(call, operated)) }
  }
}
