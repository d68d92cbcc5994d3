import Foundation
import MeshAdapters
import Synchronization
import Testing

/// Names as the controller knows them; no lookup leaves this machine.
@Suite(.timeLimit(.minutes(1))) struct SystemNamesTests {
  @Test func aNameIsAskedOnce() async {
    let asked = Asked()
    let names = SystemNames(
      lookUp: { name in
        asked.add()
        return name == "mesh" ? ["10.0.0.56", "fd00::56"] : []
      }, own: { ["192.0.2.2"] })
    let all = await withTaskGroup(of: [String].self) { group in
      for _ in 0..<20 { group.addTask { await names.addresses(of: "mesh") } }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(all == [[String]](repeating: ["10.0.0.56", "fd00::56"], count: 20))
    #expect(asked.count == 1)
    #expect(await names.addresses(of: "nowhere") == [])
  }

  /// The server is where meshctl runs: others reach it by the addresses of its interfaces.
  @Test func aNameOfThisMachineStandsForItsInterfaces() async {
    let names = SystemNames(
      lookUp: { $0 == "self" ? ["127.0.1.1", "::1"] : ["127.0.0.1", "10.0.0.9"] },
      own: { ["192.0.2.2", "fd00::2"] })
    #expect(await names.addresses(of: "self") == ["127.0.1.1", "::1", "192.0.2.2", "fd00::2"])
    #expect(await names.addresses(of: "mixed") == ["127.0.0.1", "10.0.0.9"])
  }

  @Test func aResolverThatHangsIsLeft() async {
    let names = SystemNames(
      seconds: 0.2,
      lookUp: { _ in
        Thread.sleep(forTimeInterval: 20)
        return ["10.0.0.1"]
      }, own: { [] })
    #expect(await names.addresses(of: "slow") == [])
  }

  @Test func theSystemKnowsLocalhost() async {
    let found = await SystemNames().addresses(of: "localhost")
    #expect(found.contains("127.0.0.1") || found.contains("::1"), "\(found)")
    #expect(await SystemNames().addresses(of: "meshctl-nowhere.invalid") == [])
  }
}

private final class Asked: Sendable {
  private let value = Mutex(0)
  func add() { value.withLock { $0 += 1 } }
  var count: Int { value.withLock { $0 } }
}
