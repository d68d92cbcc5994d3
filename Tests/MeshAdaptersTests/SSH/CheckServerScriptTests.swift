import Foundation
import MeshCore
import Subprocess
import SystemPackage
import Testing
import YAMLReader

/// `check-server` against a loopback web server, with each tool that it knows.
@Suite(
  .serialized, .timeLimit(.minutes(2)),
  .enabled(if: ShellRun.find("python3") != nil, "needs python3"))
struct CheckServerScriptTests {
  private static let server = """
    import http.server, sys
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            answers = {
                "/good/health": (200, '{"status": "pass"}'), "/hidden/health": (404, "no"),
                "/hidden/key?v=100": (200, '{"publicKey":"mkey:1"}'), "/html/health": (200, "<html>hello</html>"),
            }
            code, body = answers.get(self.path, (404, "not here"))
            self.send_response(code); self.end_headers(); self.wfile.write(body.encode())
        def log_message(self, *a): pass
    s = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    print(s.server_port, flush=True)
    s.serve_forever()
    """

  @Test func verdicts() async throws {
    _ = try await Subprocess.run(
      .path(FilePath(try #require(ShellRun.find("python3")))), arguments: ["-c", Self.server],
      input: .none,
      output: .sequence, error: .discarded
    ) { execution in
      var port = ""
      for try await buffer in execution.standardOutput {
        port += buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        if port.contains("\n") { break }
      }
      let base = "http://127.0.0.1:\(port.trimmingCharacters(in: .whitespacesAndNewlines))"
      do {
        for shell in ShellRun.shells {
          for tool in ["curl", "wget", "python3", "bash"] where ShellRun.find(tool) != nil {
            try await check(shell, tool, base)
          }
        }
      } catch { Issue.record(error) }
      await execution.teardown(using: [])
    }
  }

  private func check(_ shell: [String], _ tool: String, _ base: String) async throws {
    let rows = [
      (base + "/good", "ok"), (base + "/hidden", "ok"), (base + "/missing", "http"),
      (base + "/html", "body"),
      ("http://127.0.0.1:9", "connect"), ("http://meshctl-nowhere.invalid:8080", "resolve"),
    ]
    for (text, expected) in rows {
      let url = try #require(ServerURL(text))
      let input = try ScriptRendering.standardInput(of: .checkServer(url), mark: "m").reveal()
      // The other tools are hidden, as on a host that lacks them.
      let hiding = input.replacingOccurrences(
        of: "for candidate in curl wget python3 bash; do", with: "for candidate in \(tool); do")
      let report = ScriptReport(parsing: try await ShellRun.output(shell, hiding), mark: "m")
      // Debian's static busybox crashes in its resolver; the script takes the next tool then.
      if shell[0] == "busybox", tool == "wget", report.text("verdict") == "no-tool" { continue }
      #expect(
        report.text("verdict") == expected,
        "\(shell) \(tool) \(text): \(report.text("evidence") ?? "")")
      if expected != "resolve" { #expect(report.text("tool") == tool) }
    }
  }
}
