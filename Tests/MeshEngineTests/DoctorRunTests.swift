import MeshCore
import MeshEngine
import MeshTestSupport
import Synchronization
import Testing

/// The orchestration of doctor: everything is looked at that can be, and nothing stops the rest.
@Suite struct DoctorRunTests {
  private struct Control: ControlPlaneReading, ServerExamining {
    var version: Result<String, Failure> = .success("0.29.2")
    var list: Result<NodeList, Failure> = .success(
      NodeList(nodes: [], serverTime: Timestamp(seconds: 1_767_225_600)))

    func identify() async throws -> ServerIdentity {
      ServerIdentity(url: "https://mesh.example.com", version: try version.get())
    }
    func nodes() async throws -> NodeList { try list.get() }
    func users() async throws -> [MeshUser] { throw Unimplemented.call("users") }
    func policy() async throws -> PolicyState { .none }
    func examine() async throws -> ServerExamination {
      ServerExamination(support: nil, key: .unlisted)
    }
  }

  private final class Hosts: HostProbing, HostExamining {
    let calls = Mutex<[String]>([])

    func probe(_ host: Host) async -> ProbeResult {
      calls.withLock { $0.append("probe \(host.key)") }
      if host.key == "bad-1" {
        return .failed(Diagnostic(.sshRefused, .error, "nothing listens", hint: "start sshd"))
      }
      var facts = HostFacts(os: .linux, elevation: .root)
      facts.distribution = "debian"
      facts.distributionCodename = "bookworm"
      facts.packageManagers = ["apt"]
      if host.key == "done-1" { facts.client = ClientFacts(version: "1.102.3") }
      return .facts(facts)
    }
    func checkServer(
      _ url: ServerURL, candidates: [ServerURL], from host: Host
    ) async -> ReachAnswer {
      calls.withLock { $0.append("server \(host.key) \(candidates.map(\.normalized))") }
      return .report(ScriptReport(sections: ["verdict": .init(status: 0, text: "ok")]))
    }
    func checkSource(_ url: String, from host: Host) async -> ReachAnswer {
      calls.withLock { $0.append("source \(host.key) \(url)") }
      return .report(ScriptReport(sections: ["verdict": .init(status: 0, text: "ok")]))
    }
  }

  private struct Names: NameResolving {
    func addresses(of name: String) async -> [String] { ["192.0.2.7"] }
  }

  private static let yaml = """
    server: {url: "http://mesh.example.test:8080"}
    hosts:
      new-1: {owner: alice}
      bad-1: {owner: alice}
      done-1: {owner: alice, server_url: "http://192.0.2.7:8080"}

    """

  private func run(
    _ control: Result<any ControlPlaneReading & ServerExamining, Failure>, _ hosts: Hosts,
    _ selected: Set<String>? = nil
  ) async throws -> DoctorReport {
    let inventory = try InventoryText.load(Self.yaml)
    let ports = DoctorRun.Ports(
      control: control, hosts: hosts, clock: ManualClock(), names: Names())
    return try await DoctorRun(
      ports: ports, inventory: inventory, parallelism: 1, simulated: false
    ).run(selected ?? inventory.everyone, url: "http://mesh.example.test:8080")
  }

  @Test func onlyWhatIsNeededIsAsked() async throws {
    let hosts = Hosts()
    let report = try await run(.success(Control()), hosts)
    #expect(
      hosts.calls.withLock { $0 } == [
        "probe new-1", "server new-1 [\"http://192.0.2.7:8080\"]",
        "source new-1 https://pkgs.tailscale.com/stable/debian/bookworm.noarmor.gpg", "probe bad-1",
        "probe done-1", "server done-1 []",
      ])
    #expect(report.hosts.map(\.host) == ["new-1", "bad-1", "done-1"])
    #expect(report.hosts[1].verdict == .fail)
    #expect(report.server.allSatisfy { $0.verdict != .fail })
  }

  @Test func withoutAServerTheHostsAreLookedAtAllTheSame() async throws {
    let hosts = Hosts()
    let missing = Failure(.apiKeyMissing, "there is no key", hint: "make one")
    let report = try await run(.failure(missing), hosts, ["new-1"])
    #expect(report.server.first { $0.kind == .apiKey }?.verdict == .fail)
    #expect(report.hosts.map(\.host) == ["new-1"])
    #expect(report.hosts[0].checks.first { $0.kind == .login }?.verdict == .pass)
  }

  @Test func aServerThatFailsInBetween() async throws {
    var control = Control()
    control.list = .failure(Failure(.apiKeyRefused, "refused", hint: "x"))
    let report = try await run(.success(control), Hosts(), ["new-1"])
    #expect(report.server.first { $0.kind == .apiKey }?.verdict == .fail)
    #expect(report.server.first { $0.kind == .serverVersion }?.verdict != .fail)
    #expect(report.server.first { $0.kind == .policy }?.verdict == .unknown)
  }
}
