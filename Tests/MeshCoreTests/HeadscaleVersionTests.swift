import MeshCore
import Testing

@Suite("Headscale versions and HTTP dates")
struct HeadscaleVersionTests {
  @Test(arguments: [
    ("v0.29.2", "0.29.2"), ("0.28", "0.28"), ("v0.30.0-beta.1", "0.30.0-beta.1"),
    ("v0.29.3-0.20260801120000-abcdef123456", "0.29.3-0.20260801120000-abcdef123456"),
    ("1.2.3", "1.2.3"),
  ])
  func `Releases are read`(text: String, expected: String) {
    #expect(HeadscaleVersion(text)?.description == expected)
  }

  @Test(arguments: [
    "dev", "", "v", "v0.0.0-20260331113631-fda72ad1a322", "0", "0.29.", "0.29.2.1", "a.b", "0.-1",
    "0.29.2-\u{1B}[31m", "0.29.٣",
  ])
  func `What says nothing is nil`(text: String) {
    #expect(HeadscaleVersion(text) == nil)
  }

  @Test func `Order follows the numbers`() throws {
    #expect(HeadscaleVersion(0, 9) < HeadscaleVersion(0, 28))
    #expect(!(HeadscaleVersion(0, 30, suffix: "beta.1") < HeadscaleVersion(0, 30)))
  }

  @Test func `HTTP dates are read in their preferred form only`() {
    #expect(
      Timestamp(httpDate: "Sun, 22 Nov 2026 21:26:14 GMT")?.rfc3339 == "2026-11-22T21:26:14Z")
    #expect(
      Timestamp(httpDate: "Thu, 01 Jan 1970 00:00:00 GMT") == Timestamp(seconds: 0))
    for text in [
      "", "Sunday, 22-Nov-26 21:26:14 GMT", "Sun Nov 22 21:26:14 2026",
      "Sun, 22 Nov 2026 21:26:14 CET", "Sun, 22 nov 2026 21:26:14 GMT",
      "Sun, 2 Nov 2026 21:26:14 GMT", "Sun, 22 Nov 2026 25:26:14 GMT", "Sun, 22 Nov 2026  GMT",
    ] {
      #expect(Timestamp(httpDate: text) == nil, "\(text)")
    }
  }
}
