import MeshCore
import Testing

import MeshAdapters

@Suite struct KeyExchangeTests {
  private let old: [Substring] = ["sntrup761x25519-sha512@openssh.com", "curve25519-sha256"]

  @Test func onlyOverTheBuiltInList() {
    let built: [Substring] = old + ["mlkem768x25519-sha256"]
    #expect(KeyExchange.choose(configured: built, builtIn: built) == "mlkem768x25519-sha256")
    #expect(
      KeyExchange.choose(configured: ["curve25519-sha256"], builtIn: built) == nil,
      "the user's own list")
    let first: [Substring] = ["mlkem768x25519-sha256"] + old
    #expect(KeyExchange.choose(configured: first, builtIn: first) == nil, "first already")
    #expect(KeyExchange.choose(configured: nil, builtIn: built) == nil)
  }

  @Test func readsTheConfiguration() {
    #expect(KeyExchange.list("host x\nkexalgorithms a,b\nport 22") == ["a", "b"])
    #expect(KeyExchange.list("host x") == nil)
  }

  @Test(arguments: [
    (
      "ssh: Could not resolve hostname a: Name or service not known", SSHClassifier.Verdict.resolve,
      false, false
    ),
    ("ssh: connect to host a port 22: Connection refused", .refused, false, false),
    ("ssh: connect to host a port 22: Connection timed out", .unreachable, false, false),
    ("Connection timed out during banner exchange", .unreachable, false, false),
    ("ssh: connect to host a port 22: No route to host", .unreachable, false, false),
    (
      "No ED25519 host key is known for a and you have requested strict checking.\nHost key verification failed.",
      .hostKeyUnknown, false, false
    ),
    (
      "No RSA host key is known for a and you have requested strict checking.", .hostKeyChanged,
      true, false
    ),
    (
      "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.",
      .hostKeyChanged, false, false
    ),
    ("ops@a: Permission denied (publickey,password).", .authentication, false, false),
    ("Received disconnect from a: Too many authentication failures", .authentication, false, false),
    (
      "ssh: connect to host j port 22: Connection refused\nkex_exchange_identification: Connection closed by remote host",
      .jump, false, true
    ),
    (
      "channel 0: open failed: connect failed: Connection refused\nstdio forwarding failed", .jump,
      false, true
    ),
    ("/root/.ssh/config: line 1: Bad configuration option: x", .program, false, false),
    ("client_loop: send disconnect: Broken pipe", .lost, false, false),
    ("Timeout, server a not responding.", .lost, false, false),
    // A port forward with nothing behind it, and one whose jump host says so.
    (
      "kex_exchange_identification: read: Connection reset by peer\nConnection reset by 127.0.0.1 port 2222",
      .noBanner, false, false
    ),
    (
      "kex_exchange_identification: Connection closed by remote host\nConnection closed by 127.0.0.1 port 2222",
      .noBanner, false, false
    ),
    (
      "kex_exchange_identification: Connection closed by remote host\nConnection closed by UNKNOWN port 65535",
      .jump, false, false
    ),
    ("Connection reset by peer", .lost, false, false),
    ("something new", .other, false, false),
  ])
  func opensshWords(row: (String, SSHClassifier.Verdict, Bool, Bool)) {
    #expect(SSHClassifier.verdict(of: row.0, pinned: row.2, jumps: row.3) == row.1)
    let failure = SSHClassifier.failure(of: row.0, host: SSHArgumentsTests.host())
    #expect(
      failure.diagnostic.hint != nil && failure.diagnostic.evidence.map(row.0.contains) == true)
  }
}
