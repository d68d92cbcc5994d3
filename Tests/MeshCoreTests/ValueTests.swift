import MeshCore
import Testing

@Suite struct DurationTextTests {
  @Test(arguments: [
    ("0", 0), ("0s", 0), ("90s", 90), ("5m", 300), ("2h", 7200), ("7d", 604_800), ("007s", 7),
    ("3650d", 315_360_000),
  ]) func reads(text: String, seconds: Int64) {
    #expect(DurationText.seconds(text) == seconds)
    #expect(DurationText.seconds(DurationText.text(seconds: seconds)) == seconds)
  }

  @Test(arguments: [
    "", "s", "5", "-5s", "+5s", "1.5h", "1h30m", "5 m", "5M", "1w", "3651d", "9999999999s", "٣s",
    "0x5s", "99999999d", " 5s",
  ]) func refuses(text: String) { #expect(DurationText.seconds(text) == nil) }

  @Test(arguments: [(0, "0s"), (61, "61s"), (120, "2m"), (7200, "2h"), (86_400, "1d")])
  func shortestSpelling(seconds: Int64, text: String) {
    #expect(DurationText.text(seconds: seconds) == text)
  }
}

@Suite struct IPPrefixTests {
  @Test(arguments: [
    ("10.0.0.0/24", "10.0.0.0/24"), ("0.0.0.0/0", "0.0.0.0/0"), ("10.0.0.1/32", "10.0.0.1/32"),
    ("128.0.0.0/1", "128.0.0.0/1"), ("::/0", "::/0"), ("FD00::/8", "fd00::/8"),
    ("2001:DB8:0:0:1:0:0:1/128", "2001:db8::1:0:0:1/128"), ("::1/128", "::1/128"),
    ("1:0:0:2::/64", "1:0:0:2::/64"), ("2001:db8::/32", "2001:db8::/32"),
    ("1:2:3:4:5:6:7:0/112", "1:2:3:4:5:6:7:0/112"),
    ("64:ff9b::1.2.3.4/128", "64:ff9b::102:304/128"),
    ("1:2:3:4:5:6:7::/112", "1:2:3:4:5:6:7:0/112"),
  ]) func reads(text: String, canonical: String) throws {
    let prefix = try IPPrefix.parse(text)
    #expect(prefix.description == canonical)
    #expect(try IPPrefix.parse(canonical) == prefix)
  }

  @Test(arguments: [
    "", "/", "10.0.0.0", "10.0.0.0/", "/24", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8",
    "10.0.0.0/08", "10.0.0.0/8/8", "10.0.0/8", "10.0.0.0.0/8", "256.0.0.0/8", "010.0.0.0/8",
    "10.0.0.0/8 ", " 10.0.0.0/8", "1.2.3.4::/64", "::/129", "1::2::/64", ":::/64", ":1::/64",
    "1:2:3:4:5:6:7:8:9/64", "12345::/64", "g::/64", "fe80::1%eth0/128", "::1.2.3/128",
    "1:2:3:4:5:6:7:8::/64", "::1.2.3.4.5/128", "１0.0.0.0/8", "10.0.0.٠/8", "1:2:3:4:5:6:7/64",
  ]) func refuses(text: String) {
    #expect(throws: IPPrefix.ParseError.notAPrefix) { try IPPrefix.parse(text) }
    #expect(IPPrefix.canonical(text) == text)
  }

  @Test(arguments: [
    ("10.0.0.5/24", "10.0.0.0/24"), ("10.1.2.3/0", "0.0.0.0/0"), ("10.0.0.1/31", "10.0.0.0/31"),
    ("fd00::1/64", "fd00::/64"), ("ffff::/1", "8000::/1"),
    ("192.168.255.255/17", "192.168.128.0/17"),
  ]) func namesTheCanonicalPrefix(text: String, canonical: String) throws {
    #expect(throws: IPPrefix.ParseError.hostBits(try IPPrefix.parse(canonical))) {
      try IPPrefix.parse(text)
    }
    #expect(IPPrefix.canonical(text) == canonical)
  }

  @Test(arguments: [
    ("10.0.0.0/8", "10.1.0.0/16", true), ("10.0.0.0/8", "11.0.0.0/8", false),
    ("10.0.0.0/24", "10.0.0.0/24", true), ("0.0.0.0/0", "::/0", false),
    ("fd00::/8", "fd00:1::/32", true), ("10.0.0.0/25", "10.0.0.128/25", false),
  ]) func overlaps(left: String, right: String, answer: Bool) throws {
    let (one, other) = (try IPPrefix.parse(left), try IPPrefix.parse(right))
    #expect(one.overlaps(other) == answer)
    #expect(other.overlaps(one) == answer)
  }

  @Test func sortsContainersBeforeTheirContent() throws {
    let sorted = try ["::/0", "10.0.0.0/24", "10.0.0.0/8", "9.0.0.0/8", "10.0.1.0/24"]
      .map { try IPPrefix.parse($0) }.sorted().map(\.description)
    #expect(sorted == ["9.0.0.0/8", "10.0.0.0/8", "10.0.0.0/24", "10.0.1.0/24", "::/0"])
  }
}

@Suite struct ServerURLTests {
  @Test(arguments: [
    ("https://mesh.example.com", "https://mesh.example.com"),
    ("HTTPS://Mesh.Example.com:443/", "https://mesh.example.com"),
    ("http://10.0.0.56:8080", "http://10.0.0.56:8080"), ("http://a:80", "http://a"),
    ("https://a:80", "https://a:80"), ("http://[FD00::1]:80/", "http://[fd00::1]"),
    ("https://a/Base//", "https://a/Base"), ("https://a_b.local", "https://a_b.local"),
    ("https://mesh.example.com.", "https://mesh.example.com."),
    ("http://[fe80::1%eth0]:8080", "http://[fe80::1%eth0]:8080"),
  ]) func normalises(text: String, normalized: String) throws {
    let url = try #require(ServerURL(text))
    #expect(url.normalized == normalized)
    #expect(ServerURL(normalized) == url)
    #expect(url.normalized.hasPrefix(url.origin))
  }

  @Test(arguments: [
    "", "mesh.example.com", "ftp://a", "https://", "https:///x", "https://:8080", "https://a:",
    "https://a:0", "https://a:65536", "https://a:+80", "https://a:8o", "https://u@a",
    "https://u:p@a", "https://a?x", "https://a#x", "https://a b", "https://a\n", "https://-a",
    "https://[::1", "https://[1.2.3.4]", "https://[::::]", "https://[::1]x", "https://a:1:2",
    "https://bücher.example", "https://a\\b", "https://999.1.1.1", "https://a..b", "https://.",
    "https://1.2.3", "https://a\u{202E}", "//a", "https:a",
  ]) func refuses(text: String) { #expect(ServerURL(text) == nil) }

  @Test(arguments: [
    ("http://localhost:1", true), ("http://127.9.9.9", true), ("http://[::1]", true),
    ("http://x.localhost", true), ("http://10.0.0.1", false), ("http://localhost.example", false),
    ("http://[::2]", false),
  ]) func knowsLoopback(text: String, answer: Bool) throws {
    #expect(try #require(ServerURL(text)).isLoopback == answer)
  }
}

@Suite struct TimestampTests {
  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-22T22:28:00Z", 1_795_386_480, 0),
    ("2026-11-22T23:28:00.5+01:00", 1_795_386_480, 500_000_000),
    ("2026-11-22t22:28:00.123456789z", 1_795_386_480, 123_456_789),
    ("1969-12-31T23:59:59.1Z", -1, 100_000_000), ("2000-02-29T00:00:00Z", 951_782_400, 0),
    ("0001-01-01T00:00:00Z", -62_135_596_800, 0), ("2016-12-31T23:59:60Z", 1_483_228_800, 0),
    ("2026-01-01 00:00:00-00:00", 1_767_225_600, 0),
    ("2026-01-01T00:00:00-05:30", 1_767_245_400, 0),
  ]) func reads(text: String, seconds: Int64, nanoseconds: Int32) throws {
    let instant = try #require(Timestamp(rfc3339: text))
    #expect(instant == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
    #expect(Timestamp(rfc3339: instant.rfc3339) == instant)
  }

  @Test(arguments: [
    "", "2026-11-22", "2026-11-22T22:28:00", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z",
    "2026-02-29T00:00:00Z", "2100-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z",
    "2026-01-00T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T00:60:00Z", "2026-01-01T00:00:61Z",
    "2026-01-01T00:00:00.Z", "2026-01-01T00:00:00.1234567890Z", "2026-01-01T00:00:00+1:00",
    "2026-01-01T00:00:00+25:00", "2026-01-01T00:00:00Zx", " 2026-01-01T00:00:00Z",
    "26-01-01T00:00:00Z", "2026-01-01T00:00:00+0100", "２026-01-01T00:00:00Z",
  ]) func refuses(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

  @Test(arguments: [
    (Int64(0), Int32(0), "1970-01-01T00:00:00Z"),
    (1_795_386_480, 500_000_000, "2026-11-22T22:28:00.500Z"),
    (1_795_386_480, 1000, "2026-11-22T22:28:00.000001Z"),
    (1_795_386_480, 1, "2026-11-22T22:28:00.000000001Z"),
    (-1, 0, "1969-12-31T23:59:59Z"), (-62_135_596_800, 0, "0001-01-01T00:00:00Z"),
  ]) func writes(seconds: Int64, nanoseconds: Int32, text: String) {
    #expect(Timestamp(seconds: seconds, nanoseconds: nanoseconds).rfc3339 == text)
  }

  @Test func everyDayOfFourCenturiesComesBack() throws {
    for day in stride(from: Int64(-146_097), to: 146_097, by: 1) {
      let instant = Timestamp(seconds: day * 86_400 + 12_345)
      #expect(Timestamp(rfc3339: instant.rfc3339) == instant)
    }
  }

  @Test func goZeroTimeIsNever() throws {
    #expect(try #require(Timestamp(rfc3339: "0001-01-01T00:00:00Z")).isZeroTime)
    #expect(try !#require(Timestamp(rfc3339: "1970-01-01T00:00:00Z")).isZeroTime)
  }
}
