import Foundation
import Subprocess
import SystemPackage
import Testing

/// A web server on loopback for as long as a body runs; answers as control servers do, or not.
struct LoopbackWeb {
  /// Seconds that its clock is ahead.
  var ahead = 0
  /// A file with key and certificate, for https.
  var certificate: String?

  private static let program = """
    import email.utils, http.server, ssl, sys, time
    class Handler(http.server.BaseHTTPRequestHandler):
        def date_time_string(self, timestamp=None):
            return email.utils.formatdate(time.time() + int(sys.argv[1]), usegmt=True)
        def do_GET(self):
            answers = {
                "/good/health": (200, '{"status": "pass"}'), "/hidden/health": (404, "no"),
                "/hidden/key?v=100": (200, '{"publicKey":"mkey:1"}'), "/html/health": (200, "<html>hello</html>"),
                "http://meshctl-nowhere.invalid:8080/health": (200, '{"status":"pass"}'),
            }
            code, body = answers.get(self.path, (404, "not here"))
            self.send_response(code); self.end_headers(); self.wfile.write(body.encode())
        def log_message(self, *a): pass
    s = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if len(sys.argv) > 2:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); context.load_cert_chain(sys.argv[2])
        s.socket = context.wrap_socket(s.socket, server_side=True)
    print(s.server_port, flush=True)
    s.serve_forever()
    """

  /// Runs the body with the port, and ends the server after it.
  func run(_ body: @Sendable @escaping (String) async throws -> Void) async throws {
    let python = try #require(ShellRun.find("python3"))
    let arguments = ["-c", Self.program, "\(ahead)"] + [certificate].compactMap(\.self)
    _ = try await Subprocess.run(
      .path(FilePath(python)), arguments: Arguments(arguments), input: .none, output: .sequence,
      error: .discarded
    ) { execution in
      var port = ""
      for try await buffer in execution.standardOutput {
        port += buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
        if port.contains("\n") { break }
      }
      do {
        try await body(port.trimmingCharacters(in: .whitespacesAndNewlines))
      } catch { Issue.record(error) }
      await execution.teardown(using: [])
    }
  }
}
