import MeshCore
import MeshEngine
import MeshTestSupport
import Synchronization
import Testing

@Suite("Keys in flight")
struct KeysInFlightTests {
  static let request = KeyRequest(owner: .user("ops"))
  static let broken = Failure(DiagnosticCode(rawValue: "MESH-TEST"), "broken")
  static let join = RemoteCall(
    .join, secretFiles: [.init("AUTH_KEY_FILE", .preAuthKey)], elevated: true, timeout: 9)

  /// What happened, in order.
  final class Story: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
  }

  private func keys(
    _ story: Story, addFails: Bool = false, expireFails: Set<String> = []
  ) -> KeysInFlight {
    var control = FakeControlPlane()
    let count = Counter()
    control.onCreateKey = { _ in
      let id = count.next()
      story.add("create \(id)")
      return MintedKey(
        id: id, key: Secret("secret-\(id)"), expiration: Timestamp(seconds: 600))
    }
    control.onExpireKey = { id in
      story.add("expire \(id)")
      if expireFails.contains(id) { throw KeysInFlightTests.broken }
    }
    var ledger = FakeLedger()
    ledger.onAdd = { id in
      story.add("add \(id)")
      if addFails { throw KeysInFlightTests.broken }
    }
    ledger.onRemove = { story.add("remove \($0)") }
    return KeysInFlight(control: control, ledger: ledger)
  }

  final class Counter: Sendable {
    private let number = Mutex(0)
    func next() -> String {
      number.withLock {
        $0 += 1
        return "\($0)"
      }
    }
  }

  @Test func theLedgerKnowsAKeyBeforeItIsUsed() async throws {
    let story = Story()
    let keys = keys(story)
    try await keys.mint(KeysInFlightTests.request, into: .preAuthKey, host: "one")
    #expect(story.all == ["create 1", "add 1"])
    #expect(await keys.stage(of: "one") == .minted)
    #expect(await keys.stage(of: "two") == .none)
    let secrets = await keys.secrets(for: KeysInFlightTests.join, host: "one")
    #expect(secrets[.preAuthKey]?.reveal() == "secret-1")
    #expect(await keys.secrets(for: KeysInFlightTests.join, host: "two").isEmpty)
    #expect(await keys.secrets(for: .elevate, host: "one").isEmpty)
    #expect(await keys.stage(of: "one") == .handedOut)
  }

  @Test func aUsedKeyIsForgottenNotExpired() async throws {
    let story = Story()
    let keys = keys(story)
    try await keys.mint(KeysInFlightTests.request, into: .preAuthKey, host: "one")
    try await keys.used(.preAuthKey, host: "one")
    try await keys.expire(.preAuthKey, host: "one")
    #expect(await keys.expireAll().isEmpty)
    #expect(story.all == ["create 1", "add 1", "remove 1"])
    #expect(await keys.stage(of: "one") == .none)
  }

  @Test func aKeyThatTheLedgerRefusedCanStillBeExpired() async throws {
    let story = Story()
    let keys = keys(story, addFails: true)
    await #expect(throws: KeysInFlightTests.broken) {
      try await keys.mint(KeysInFlightTests.request, into: .preAuthKey, host: "one")
    }
    #expect(await keys.stage(of: "one") == .minted)
    try await keys.expire(.preAuthKey, host: "one")
    #expect(story.all == ["create 1", "add 1", "expire 1", "remove 1"])
  }

  @Test func expireAllKeepsWhatItCouldNotExpire() async throws {
    let story = Story()
    let keys = keys(story, expireFails: ["2"])
    for host in ["one", "two", "three"] {
      try await keys.mint(KeysInFlightTests.request, into: .preAuthKey, host: host)
    }
    #expect(await keys.expireAll().keys.sorted() == ["2"])
    #expect(await keys.stage(of: "one") == .none)
    #expect(await keys.stage(of: "two") == .minted)
    // Once more tries only what is left.
    let before = story.all.count
    #expect(await keys.expireAll().keys.sorted() == ["2"])
    #expect(Array(story.all.dropFirst(before)) == ["expire 2"])
    #expect(!story.all.contains("remove 2"))
  }
}
