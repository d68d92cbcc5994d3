import Foundation
import MeshCore
import MeshEngine
import Synchronization
import Testing

@testable import MeshAdapters

@Suite("Headscale by its command: keys")
struct HeadscaleCommandKeyTests {
  private static let whole = "hskey-auth-abcdefghijkl-" + String(repeating: "k3y", count: 20)

  /// Makes a key as 0.29 does, stamps it, and lists it masked; `fails` comes after the making.
  private func making(_ fails: String = "") -> String {
    """
    now=1795400000
    case "$1 $2" in
      "preauthkeys create")
        for word; do case $word in --expiration=*) ms=${word#--expiration=}; ms=${ms%ms} ;; esac; done
        end=$((now * 1000 + ms))
        echo "$end" >>"$here/made"
        \(fails)
        printf '{\\n\\t"id": 9,\\n\\t"key": "%s",\\n\\t"expiration": {"seconds": %s, "nanos": %s000000},\\n\\t"created_at": {"seconds": %s, "nanos": 3000000}\\n}\\n' '\(Self.whole)' $((end / 1000)) $((end % 1000 + 0)) $now
        exit ;;
      "preauthkeys list")
        printf '[{"id":8,"key":"hskey-auth-o-***","expiration":{"seconds":%s},"created_at":{"seconds":%s}}' $((now + 600)) $now
        [ -f "$here/made" ] && while read -r end; do
          printf ',{"id":9,"key":"hskey-auth-a-***","expiration":{"seconds":%s,"nanos":%s000000},"created_at":{"seconds":%s,"nanos":3000000}}' $((end / 1000)) $((end % 1000)) $now
        done <"$here/made"
        echo ']'; exit ;;
    esac
    """
  }

  private struct FixedRunner: HeadscaleRunner {
    var inner: LocalHeadscale
    var name: String { inner.name }
    func run(_ arguments: [String], outputLimit: Int) async throws -> HeadscaleAnswer {
      try await inner.run(arguments, outputLimit: outputLimit)
    }
    func now() -> Timestamp { Timestamp(seconds: 1_795_400_000) }
    func close() async {}
  }

  /// The clock of the fake server is the controller's.
  private func control(_ command: FakeHeadscaleCommand, timeout: Double = 20) throws
    -> HeadscaleControl
  {
    let runner = LocalHeadscale(
      words: [command.program], environment: ["PATH": "/usr/bin:/bin"], timeout: timeout)
    return HeadscaleControl(
      HeadscaleCLI(
        FixedRunner(inner: runner), url: try #require(ServerURL("https://mesh.example.com"))))
  }

  @Test("A key is made with a short odd lifetime, and is never in an argument") func made()
    async throws
  {
    try await FakeHeadscaleCommand.run(making()) { command in
      let control = try control(command)
      let key = try await control.createPreAuthKey(KeyRequest(owner: .user("alice"), lifetime: 600))
      #expect(key.id == "9" && key.key.reveal() == Self.whole)
      let tagged = try await control.createPreAuthKey(
        KeyRequest(owner: .tags(["tag:a", "tag:b"], keyOwner: nil), lifetime: 99_999))
      #expect(tagged.id == "9")
      let pattern = #/<--expiration=([0-9]+)ms>/#
      let lifetimes = command.writes.compactMap { $0.firstMatch(of: pattern).flatMap { Int($0.1) } }
      #expect(lifetimes.count == 2)
      #expect((480_000..<600_000).contains(lifetimes[0]))
      #expect((720_000..<900_000).contains(lifetimes[1]))
      #expect(
        command.writes.map { $0.replacing(pattern, with: "") } == [
          "<preauthkeys><create><--user=1><-o><json>",
          "<preauthkeys><create><--tags=tag:a,tag:b><-o><json>",
        ])
      #expect(!command.calls.contains { $0.contains("k3y") })
    }
  }

  @Test(
    "A key whose making went wrong is found by its lifetime and expired",
    arguments: [
      ("echo '{\"error\":\"context deadline exceeded\"}' >&2; exit 1", DiagnosticCode.apiRefused),
      ("echo garbage; exit 0", .apiBadAnswer), ("echo '\(whole)'; exit 0", .apiBadAnswer),
      ("echo '{\"id\":9,\"key\":\"hskey-auth-abcdefghijkl-***\"}'; exit 0", .apiBadAnswer),
      ("sleep 60", .apiTimeout), ("kill -9 $$", .apiRefused),
    ])
  func lost(fails: String, code: DiagnosticCode) async throws {
    try await FakeHeadscaleCommand.run(making(fails)) { command in
      let control = try control(command, timeout: code == .apiTimeout ? 10 : 60)
      let problem = try await failure {
        try await control.createPreAuthKey(KeyRequest(owner: .tags(["tag:a"], keyOwner: nil)))
      }
      #expect(problem.code == code)
      #expect(problem.detail?.contains("had made key #9 all the same; it was expired") == true)
      #expect(command.writes.last == "<preauthkeys><expire><--id=9><-o><json>")
      let texts = [problem.message, problem.detail, problem.evidence, problem.hint]
      #expect(!texts.contains { $0?.contains("k3y") == true })
    }
  }

  @Test("What a kill left is found by what was announced; other keys are left alone")
  func announced() async throws {
    try await FakeHeadscaleCommand.run(making()) { command in
      let control = try control(command)
      let noted = Noted()
      _ = try await control.createPreAuthKey(KeyRequest(owner: .user("alice"))) { noted.take($0) }
      let expiration = try #require(noted.time)
      // This run has the key and is using it; the next one does not.
      try await control.expireUnusedKeys(expiringAt: expiration)
      #expect(command.writes.count == 1)
      let next = try self.control(command)
      try await next.expireUnusedKeys(expiringAt: expiration)
      #expect(command.writes.count == 2)
      #expect(command.writes.last == "<preauthkeys><expire><--id=9><-o><json>")
      // Another lifetime is another key.
      let other = Timestamp(
        seconds: expiration.seconds, nanoseconds: expiration.nanoseconds + 2_000_000)
      try await next.expireUnusedKeys(expiringAt: other)
      #expect(command.writes.count == 2)
    }
  }

  @Test("A cancelled making is cleaned up, and its children are gone") func cancelled() async throws
  {
    try await FakeHeadscaleCommand.run(making("sleep 61.5 & echo $! >\"$here/child\"; wait")) {
      command in
      let control = try control(command)
      let task = Task {
        try await control.createPreAuthKey(KeyRequest(owner: .tags(["tag:a"], keyOwner: nil)))
      }
      let child = command.folder.appending(path: "child").path
      while !FileManager.default.fileExists(atPath: child) {
        try await Task.sleep(for: .milliseconds(10))
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { _ = try await task.value }
      #expect(command.writes.last == "<preauthkeys><expire><--id=9><-o><json>")
      #expect(LoopbackSSHD.processes(with: "sleep 61.5").isEmpty)
    }
  }

  @Test("Announcing that fails makes nothing") func unannounced() async throws {
    struct DiskFull: Error {}
    try await FakeHeadscaleCommand.run(making()) { command in
      let control = try control(command)
      await #expect(throws: DiskFull.self) {
        _ = try await control.createPreAuthKey(KeyRequest(owner: .user("alice"))) { _ in
          throw DiskFull()
        }
      }
      #expect(command.writes.isEmpty)
    }
  }

  @Test("0.28 needs the same user for tagged keys on the command line too") func keyOwner()
    async throws
  {
    let old = "[ $1 = version ] && { echo '{\"version\":\"v0.28.0\"}'; exit; }\n"
    try await FakeHeadscaleCommand.run(old + making()) { command in
      let control = try control(command)
      let problem = try await failure {
        try await control.createPreAuthKey(KeyRequest(owner: .tags(["tag:a"], keyOwner: nil)))
      }
      #expect(problem.code == .apiKeyOwner)
      _ = try await control.createPreAuthKey(
        KeyRequest(owner: .tags(["tag:a"], keyOwner: "alice")))
      #expect(command.writes.count == 1)
      #expect(command.writes[0].contains("<--user=1><--tags=tag:a>"))
    }
  }

  @Test("The mark: any lifetime, never over 15 minutes, told from its neighbours")
  func mark() throws {
    for lifetime in [1, 2, 60, 600, 900, 99_999] {
      let now = Timestamp(seconds: 1_795_400_000, nanoseconds: 999_999_999)
      let mark = LifetimeMark.expiration(from: now, lifetime: lifetime)
      let milliseconds = LifetimeMark.milliseconds(of: mark)
      #expect((1...min(max(lifetime, 2), 900) * 1000).contains(milliseconds))
      func key(_ lived: Int, after: Int64 = 0) -> WirePreAuthKey {
        let start = now.seconds + after
        let end = start * 1000 + Int64(lived)
        return WirePreAuthKey(
          id: "1", key: Secret(""), used: false, reusable: false,
          expiration: Timestamp(
            seconds: end / 1000, nanoseconds: Int32(end % 1000) * 1_000_000),
          createdAt: Timestamp(seconds: start))
      }
      #expect(LifetimeMark.fits(key(milliseconds), mark))
      #expect(LifetimeMark.fits(key(milliseconds - 900, after: 20), mark))
      #expect(!LifetimeMark.fits(key(milliseconds + 200), mark))
      #expect(!LifetimeMark.fits(key(milliseconds - 1600), mark))
      #expect(!LifetimeMark.fits(key(milliseconds, after: 90), mark))
      var unknown = key(milliseconds)
      unknown.createdAt = nil
      #expect(!LifetimeMark.fits(unknown, mark))
    }
  }
}

/// Keeps what was announced.
private final class Noted: Sendable {
  private let last = Mutex<Timestamp?>(nil)

  func take(_ time: Timestamp) { last.withLock { $0 = time } }

  var time: Timestamp? { last.withLock { $0 } }
}
