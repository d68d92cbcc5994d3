import MeshCore
import Testing

/// The words of `tailscale ping`, as its sources print them (tailscale 1.103: cmd/tailscale/cli/ping.go,
/// status.go, diag.go; wgengine/userspace.go; wgengine/magicsock/magicsock.go, endpoint.go).
@Suite struct PingAnswerTests {
  struct Row: Sendable, CustomTestStringConvertible {
    var status: Int
    var text: String
    var answer: PingAnswer

    init(_ status: Int, _ text: String, _ answer: PingAnswer) {
      self.status = status
      self.text = text
      self.answer = answer
    }

    var testDescription: String { "\(status): \(text)" }

    static func direct(_ via: String, _ time: Double) -> PingAnswer {
      .pong(ReachPath(isDirect: true, via: via, milliseconds: time))
    }
    static func relayed(_ via: String, _ time: Double) -> PingAnswer {
      .pong(ReachPath(isDirect: false, via: via, milliseconds: time))
    }
  }

  static let rows = [
    // Pongs.
    Row(
      0, "pong from db-1 (100.64.0.3) via 198.51.100.12:41641 in 12ms",
      Row.direct("198.51.100.12:41641", 12)),
    Row(
      0, "pong from db-1 (fd7a:115c:a1e0::3) via [2001:db8::1]:41641 in 1.234s",
      Row.direct("[2001:db8::1]:41641", 1234)),
    Row(0, "pong from db-1 (100.64.0.3) via 10.0.0.2:41641 in 0s", Row.direct("10.0.0.2:41641", 0)),
    Row(
      0, "pong from db-1 (100.64.0.3) via 10.0.0.2:41641 in 1m2.5s",
      Row.direct("10.0.0.2:41641", 62_500)),
    Row(
      0, "pong from db-1 (100.64.0.3) via 10.0.0.2:41641 in 500µs",
      Row.direct("10.0.0.2:41641", 0.5)),
    Row(
      0, "pong from db-1 (100.64.0.3, 41642) via 10.0.0.2:41641 in 3ms\r",
      Row.direct("10.0.0.2:41641", 3)),
    Row(
      1,
      """
      pong from db-1 (100.64.0.3) via DERP(fra) in 42ms
      pong from db-1 (100.64.0.3) via DERP(fra) in 40ms
      direct connection not established
      """, Row.relayed("DERP(fra)", 40)),
    Row(
      0,
      """
      pong from db-1 (100.64.0.3) via DERP(lab) in 42ms
      pong from db-1 (100.64.0.3) via 198.51.100.12:41641 in 1ms
      """, Row.direct("198.51.100.12:41641", 1)),
    Row(
      0,
      """
      ping "100.64.0.3" timed out
      pong from db-1 (100.64.0.3) via 198.51.100.12:41641 in 1ms
      """, Row.direct("198.51.100.12:41641", 1)),
    Row(
      1,
      "pong from db-1 (100.64.0.3) via peer-relay(192.0.2.1:7777:vni:5) in 9ms\n"
        + "direct connection not established", Row.relayed("peer-relay(192.0.2.1:7777:vni:5)", 9)),
    // A warning that goes before.
    Row(
      0,
      "Warning: client version \"1.102.3\" != tailscaled server version \"1.100.0\"\n"
        + "pong from db-1 (100.64.0.3) via 10.0.0.2:41641 in 3ms", Row.direct("10.0.0.2:41641", 3)),
    // A peer chooses its own name.
    Row(
      0, "pong from a via 1.2.3.4:5 in 1ms (100.64.0.3) via DERP(fra) in 77ms",
      Row.relayed("DERP(fra)", 77)),
    Row(0, "pong from x in via (100.64.0.3) via 10.0.0.2:1 in 2ms", Row.direct("10.0.0.2:1", 2)),
    // No answer.
    Row(1, "ping \"100.64.0.3\" timed out\nping \"100.64.0.3\" timed out\nno reply", .noAnswer),
    Row(1, "no reply", .noAnswer),
    Row(1, "timeout waiting for pong", .noAnswer),
    Row(1, "no UDP or DERP addr", .noAnswer),
    Row(124, "", .noAnswer), Row(137, "", .noAnswer), Row(143, "ping \"x\" timed out", .noAnswer),
    // Not a peer.
    Row(1, "no matching peer", .noPeer), Row(1, "unknown peer", .noPeer),
    Row(1, "peer's node key has expired", .expired),
    Row(0, "100.64.0.2 is local Tailscale IP", .itself),
    // The client.
    Row(1, "Tailscale is stopped.", .clientDown("Tailscale is stopped.")),
    Row(1, "Logged out.", .clientDown("Logged out.")),
    Row(
      1, "Logged out.\nLog in at: https://mesh.example.com/register/abc", .clientDown("Logged out.")
    ),
    Row(
      1, "Machine is not yet approved by tailnet admin.",
      .clientDown("Machine is not yet approved by tailnet admin.")),
    Row(1, "unexpected state: NoState", .clientDown("unexpected state: NoState")),
    Row(1, "local tailscaled stopped", .clientDown("local tailscaled stopped")),
    Row(
      1,
      "failed to connect to local tailscaled; it doesn't appear to be running"
        + " (sudo systemctl start tailscaled ?)",
      .clientDown(
        "failed to connect to local tailscaled; it doesn't appear to be running"
          + " (sudo systemctl start tailscaled ?)")),
    Row(
      1, "Tailscale running in server mode (\"W\\a\"); connection from \"W\\b\" not allowed",
      .clientDown(
        "Tailscale running in server mode (\"W\\a\"); connection from \"W\\b\" not allowed")),
    Row(
      1, "Tailscale already in use by W\\a, pid 4",
      .clientDown("Tailscale already in use by W\\a, pid 4")),
    Row(127, "sh: 1: tailscale: not found", .clientDown("sh: 1: tailscale: not found")),
    // Nothing known.
    Row(1, "", .unknown(nil)), Row(0, "", .unknown(nil)),
    Row(2, "flag provided but not defined: -c", .unknown("flag provided but not defined: -c")),
    Row(
      0, "pong from db-1 (100.64.0.3) via disco in 3ms",
      .unknown(
        "pong from db-1 (100.64.0.3) via disco in 3ms")),
    Row(
      0, "pong from db-1 (100.64.0.3) via 10.0.0.2:1 in never",
      .unknown(
        "pong from db-1 (100.64.0.3) via 10.0.0.2:1 in never")),
    Row(139, "Segmentation fault", .unknown("Segmentation fault")),
  ]

  @Test(arguments: rows) func aTextMeansThis(row: Row) {
    #expect(PingAnswer(status: row.status, text: row.text) == row.answer)
  }
}

/// What the programs say that try endpoints.
@Suite struct EndpointAnswerTests {
  static let rows: [(Int, String, EndpointAnswer)] = [
    (0, "took 3.2 ms", .reached(milliseconds: 3.2)), (0, "", .reached(milliseconds: nil)),
    (
      0, "64 bytes from 10.0.0.5: icmp_seq=1 ttl=64 time=0.045 ms",
      .reached(milliseconds: 0.045)
    ),
    (0, "64 bytes from 10.0.0.5: seq=0 ttl=64 time=12.3 ms", .reached(milliseconds: 12.3)),
    (
      0, "Connection to 10.0.0.5 5432 port [tcp/postgresql] succeeded!", .reached(milliseconds: nil)
    ),
    // python3
    (1, "[Errno 111] Connection refused", .refused), (1, "timed out", .timedOut),
    (1, "[Errno -2] Name or service not known", .unresolved),
    (1, "[Errno -3] Temporary failure in name resolution", .unresolved),
    (1, "[Errno -5] No address associated with hostname", .unresolved),
    (1, "[Errno 8] nodename nor servname provided, or not known", .unresolved),
    (1, "[Errno 113] No route to host", .noRoute),
    (1, "[Errno 101] Network is unreachable", .noRoute),
    // bash
    (
      1, "bash: connect: Connection refused\nbash: line 1: /dev/tcp/10.0.0.5/9: Connection refused",
      .refused
    ),
    (1, "bash: nowhere.invalid: Name or service not known", .unresolved), (124, "", .timedOut),
    (137, "", .timedOut),
    // nc: OpenBSD, traditional, busybox
    (1, "nc: connect to 10.0.0.5 port 9 (tcp) failed: Connection refused", .refused),
    (
      1, "nc: connect to 10.0.0.5 port 9 (tcp) timed out: Operation now in progress", .timedOut
    ),
    (1, "nc: getaddrinfo for host \"x\" port 9: Name or service not known", .unresolved),
    (1, "(UNKNOWN) [10.0.0.5] 9 (discard) : Connection refused", .refused),
    (1, "x: forward host lookup failed: Unknown host", .unresolved),
    (1, "nc: can't connect to remote host (10.0.0.5): Connection refused", .refused),
    (1, "nc: bad address 'x'", .unresolved),
    (1, "nc: invalid option -- 'z'", .noTool("nc: invalid option -- 'z'")),
    // curl
    (7, "curl: (7) Failed to connect to 10.0.0.5 port 9: Connection refused", .refused),
    (6, "curl: (6) Could not resolve host: x", .unresolved),
    (28, "curl: (28) Connection timed out after 6001 milliseconds", .timedOut),
    // ping
    (1, "1 packets transmitted, 0 received, 100% packet loss, time 0ms", .timedOut),
    (1, "1 packets transmitted, 0 packets received, 100.0% packet loss", .timedOut),
    (2, "ping: nowhere.invalid: Name or service not known", .unresolved),
    (2, "ping: socket: Operation not permitted", .noTool("ping: socket: Operation not permitted")),
    (1, "From 10.0.0.1 icmp_seq=1 Destination Host Unreachable", .noRoute),
    // .NET on Windows
    (1, "Connection refused (ConnectionRefused)", .refused),
    (1, "No such host is known (HostNotFound)", .unresolved), (1, "TimedOut", .timedOut),
    (1, "DestinationHostUnreachable", .noRoute), (124, "no answer within 6 s", .timedOut),
    (127, "ping: not found", .noTool("ping: not found")), (126, "", .noTool(nil)),
    (1, "", .unknown(nil)), (3, "what is this", .unknown("what is this")),
  ]

  @Test(arguments: rows) func aTextMeansThis(status: Int, text: String, answer: EndpointAnswer) {
    #expect(EndpointAnswer(status: status, text: text) == answer)
  }
}
