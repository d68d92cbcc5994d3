import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// Names and texts that want to be more than text.
@Suite struct HostileTextTests {
  static let evil = [
    "<script>alert(1)</script>", "`code` **bold** _it_ [x](javascript:1) ![i](http://e/x.png)",
    "a|b|c", "\u{202E}txt.exe", "\u{1B}[2J\u{1B}]0;t\u{7}", "two\nlines\r\n| x | y |",
    "</pre></details><img src=x onerror=alert(1)>", "@octocat #1 !2 GH-3 http://evil.example",
    "&lt;b&gt; &amp;", "\u{9B}31m", "<!-- --> ]]>", "a\\|b", "$(id) ${x} {{ x }}", "\"'",
    "\u{2028}line", "zero\u{200B}width", ":smile: ~strike~ ==mark== ^sup^",
  ]

  static let plan: Plan = {
    var plan = RichPlan.plan
    plan.inventoryPath = evil[0]
    plan.inventoryDigest = evil[6]
    plan.server = ServerIdentity(url: evil[1], version: evil[4])
    plan.usersToCreate = evil
    plan.hosts += evil.enumerated().map { index, text in
      var host = HostPlan(
        name: text, os: .linux, action: .change,
        node: NodeReference(id: text, nodeKey: text),
        changes: [Change(.name, old: .text(text), new: .list([text, text]))], unknown: [text],
        diagnostics: [
          Diagnostic(
            DiagnosticCode(rawValue: text), .error, text, detail: text, evidence: text, hint: text)
        ], route: text)
      host.reason = text
      host.parkings = [
        Parking(
          node: NodeReference(id: text, nodeKey: text), name: text, parkedName: text, reason: .swap)
      ]
      return host
    }
    plan.unmanaged += evil.enumerated().map { index, text in
      var node = UnmanagedNode(name: text, nodeID: "\(text)\(index)", online: false, lastSeen: nil)
      node.parkedFor = text
      return node
    }
    plan.diagnostics += evil.map { Diagnostic(.emptyList, .warning, $0) }
    return plan
  }()

  @Test(arguments: OutputFormat.allCases) func nothingHiddenIsPrinted(format: OutputFormat) {
    let text = Report.plan(Self.plan, as: format, style: TextStyle(), hash: "h")
    for scalar in text.unicodeScalars where scalar != "\n" {
      let isHidden = VisibleText.isHidden(scalar)
      #expect(!isHidden, "U+\(String(scalar.value, radix: 16))")
    }
  }

  @Test func goldens() {
    let folder = ReportCaseTests.folder
    for (format, file) in [(OutputFormat.markdown, "hostile.md"), (.html, "hostile.html")] {
      GoldenFile(url: folder.appendingPathComponent(file))
        .expect(Report.plan(Self.plan, as: format, style: TextStyle()))
    }
  }

  /// All tags are our own, and attributes hold nothing from outside.
  @Test(arguments: [OutputFormat.markdown, .html]) func onlyOurOwnTags(format: OutputFormat) {
    let text = Report.plan(Self.plan, as: format, style: TextStyle())
    let allowed: Set<String> = [
      "<code>", "</code>", "<br>", "<pre>", "</pre>", "<details>", "</details>", "<summary>",
      "</summary>", "<table>", "</table>", "<tr>", "</tr>", "<td>", "</td>", "<th>", "</th>", "<p>",
      "</p>", "<strong>", "</strong>", "<h1>", "</h1>", "<title>", "</title>", "<style>",
      "</style>", "<head>", "</head>", "<body>", "</body>", "</html>", "<html lang=\"en\">",
      "<!doctype html>", "<meta charset=\"utf-8\">",
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
        + "style-src 'unsafe-inline'\">", "<tr class=\"join\">", "<tr class=\"change\">",
      "<tr class=\"replace\">", "<tr class=\"remove\">", "<tr class=\"wait\">",
      "<tr class=\"blocked\">",
    ]
    var seen = 0
    for match in text.matches(of: #/<[^>]*>?/#) {
      seen += 1
      #expect(allowed.contains(String(match.output)), "\(match.output)")
    }
    #expect(seen > 100)
  }

  /// Outside of `<pre>` and our own markup, markdown sees letters, digits, entities and harmless marks.
  @Test func markdownHasNoMarkupOfOthers() throws {
    let text = Report.plan(Self.plan, as: .markdown, style: TextStyle(), hash: "sha256:00")
    for match in text.matches(of: #/<code>(.*?)<\/code>/#) {
      let inside = String(match.1).replacing(#/&#[0-9]+;/#, with: "")
      for character in inside.unicodeScalars where character.value < 0x80 {
        let isHarmless =
          character.properties.isAlphabetic || ("0"..."9").contains(character)
          || " -.,/()+=".unicodeScalars.contains(character)
        #expect(isHarmless, "\(character) in \(inside)")
      }
    }
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(rows.count > 20)
    for row in rows { #expect(row.filter { $0 == "|" }.count == 6, "\(row)") }
  }

  @Test(arguments: [0, 1, 17, 200]) func aCommentIsNeverTooLong(hosts: Int) {
    var plan = Self.plan
    let long = String(repeating: "<|>`日本", count: 300)
    plan.hosts += (0..<hosts).map {
      HostPlan(
        name: "host-\($0)-\(long)", os: .linux, action: .change,
        changes: [Change(.name, old: .text(long), new: .text("host-\($0)"))],
        diagnostics: [Diagnostic(.emptyList, .warning, long)])
    }
    plan.diagnostics += (0..<hosts).map { Diagnostic(.emptyList, .warning, "\($0) \(long)") }
    let text = Report.plan(plan, as: .markdown, style: TextStyle(), hash: "sha256:00")
    #expect(text.utf8.count <= 60_000)
    #expect(text.contains("plan <code>sha256&#58;00</code>"))
    #expect(text.contains("</pre>\n\n</details>"))
    if hosts > 17 {
      #expect(text.contains("more rows, cut to fit into a comment"))
      #expect(text.contains("more lines, cut to fit into a comment"))
    }
  }
}
