import Foundation
import MeshCore
import Testing

/// `check-server` against a loopback web server, with each tool that it knows, in each shell.
@Suite(
  .serialized, .timeLimit(.minutes(3)),
  .enabled(if: ShellRun.find("python3") != nil, "needs python3"))
struct CheckServerScriptTests {
  private static let tools = "for try in curl wget python3 bash openssl busybox-wget; do"

  /// The script's report; with `tool` the other ones are hidden, as on a host that lacks them.
  private static func report(
    _ shell: [String], _ call: RemoteCall, tool: String? = nil, path: String? = nil,
    environment: [String: String] = [:]
  ) async throws -> ScriptReport {
    var input = try ScriptRendering.standardInput(of: call, mark: "m").reveal()
    if let tool {
      try #require(input.contains(tools))
      input = input.replacingOccurrences(of: tools, with: "for try in \(tool); do")
    }
    let output = try await ShellRun.output(shell, input, path: path, environment: environment)
    return ScriptReport(parsing: output, mark: "m")
  }

  private static func call(_ url: String, _ candidates: [String] = []) throws -> RemoteCall {
    .checkServer(
      try #require(ServerURL(url)), candidates: try candidates.map { try #require(ServerURL($0)) })
  }

  @Test func verdicts() async throws {
    try await LoopbackWeb().run { port in
      let base = "http://127.0.0.1:\(port)"
      for shell in ShellRun.shells {
        for tool in ["curl", "wget", "python3", "bash"] where ShellRun.find(tool) != nil {
          try await Self.check(shell, tool, base)
        }
      }
    }
  }

  private static func check(_ shell: [String], _ tool: String, _ base: String) async throws {
    let rows = [
      (base + "/good", "ok"), (base + "/hidden", "ok"), (base + "/missing", "http"),
      (base + "/html", "body"),
      ("http://127.0.0.1:9", "connect"), ("http://meshctl-nowhere.invalid:8080", "resolve"),
    ]
    for (url, expected) in rows {
      let report = try await report(shell, try call(url), tool: tool)
      // Debian's static busybox crashes in its resolver; the script takes the next tool then.
      if shell[0] == "busybox", tool == "wget", report.text("verdict") == "no-tool" { continue }
      #expect(
        report.text("verdict") == expected,
        "\(shell) \(tool) \(url): \(report.text("evidence") ?? "")")
      if expected != "resolve" { #expect(report.text("tool") == tool) }
      #expect(report.isComplete && report.sections.count == 11, "\(report.sections.keys)")
    }
  }

  @Test func aNameThatDoesNotResolveIsAskedForByAddress() async throws {
    try await LoopbackWeb(ahead: 7200).run { port in
      let good = "http://127.0.0.1:\(port)/good"
      for shell in ShellRun.shells {
        let report = try await Self.report(
          shell,
          try Self.call(
            "http://meshctl-nowhere.invalid:\(port)/good",
            ["http://127.0.0.1:9", "http://127.0.0.1:\(port)/html", good, "http://127.0.0.1:8"]))
        #expect(report.text("verdict") == "resolve")
        #expect(report.text("candidate") == good)
        let lines = (report.text("candidates") ?? "").split(separator: "\n")
        #expect(lines.count == 3, "the first that answers ends it: \(lines)")
        #expect(lines.first?.hasPrefix("http://127.0.0.1:9 connect ") == true)
        #expect(lines.dropFirst().first?.contains("/html body ") == true)
        let offset = try #require(Int(report.text("clock") ?? ""))
        #expect(abs(offset - 7200) < 60)
      }
    }
  }

  @Test func candidatesAreNotAskedWhereTheNameResolves() async throws {
    for shell in ShellRun.shells {
      let report = try await Self.report(
        shell, try Self.call("http://localhost:9", ["http://127.0.0.1:8"]))
      #expect(report.text("verdict") == "connect")
      #expect(report.text("candidate") == "" && report.text("candidates") == "")
    }
  }

  @Test(arguments: [-86_400, 400]) func theServersClock(ahead: Int) async throws {
    try await LoopbackWeb(ahead: ahead).run { port in
      for shell in ShellRun.shells {
        for tool in ["curl", "wget", "python3", "bash"] where ShellRun.find(tool) != nil {
          let report = try await Self.report(
            shell, try Self.call("http://127.0.0.1:\(port)/good"), tool: tool)
          if report.text("verdict") == "no-tool" { continue }
          let offset = try #require(Int(report.text("clock") ?? ""), "\(shell) \(tool)")
          #expect(abs(offset - ahead) < 60, "\(shell) \(tool)")
        }
      }
    }
  }

  /// Dates come from whoever answers, so nothing of them may be run.
  @Test(
    arguments: ShellRun.shells,
    [
      "Date: Tue, 15 Nov 1994 08:12:31 GMT", "Date: Tue, $(id) Nov 1994 08:12:31 GMT",
      "Date: Tue, 15 Nov a[$(touch${IFS}/tmp/meshctl-pwned)0] 08:12:31 GMT",
      "Date: Tue, 15 Nov 1994 08:12:0x1f GMT", "Date: * * * * * *",
      "Date: Tue, 29 Feb 2096 23:59:60 GMT",
      "Date:", "date: Thu, 01 Jan 1970 00:00:00 GMT",
    ])
  func hostileDates(shell: [String], line: String) async throws {
    let curl = try ShellRun.folder(
      with: "curl",
      """
      #!/bin/sh
      while [ $# -gt 0 ]; do
        case $1 in -o) body=$2; shift ;; -D) head=$2; shift ;; esac
        shift
      done
      echo '{"status":"pass"}' >"$body"
      cat >"$head" <<'END'
      HTTP/1.1 200 OK
      \(line)
      END
      printf '200 0.1 0.1'
      """)
    defer { try? FileManager.default.removeItem(at: curl) }
    let report = try await Self.report(
      shell, try Self.call("http://127.0.0.1:9"), tool: "curl", path: curl.path)
    #expect(report.text("verdict") == "ok")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/meshctl-pwned"))
    let now = Int(Date().timeIntervalSince1970)
    let expected = [
      "Date: Tue, 15 Nov 1994 08:12:31 GMT": 784_887_151,
      "Date: Tue, 29 Feb 2096 23:59:60 GMT": 3_981_398_400,
      "date: Thu, 01 Jan 1970 00:00:00 GMT": 0,
    ]
    if let date = expected[line] {
      let offset = try #require(Int(report.text("clock") ?? ""))
      #expect(abs(offset - (date - now)) < 60)
    } else {
      #expect(report.text("clock") == "")
    }
  }

  @Test func theProxyOfALoginIsSaidWithoutItsPassword() async throws {
    try await LoopbackWeb().run { port in
      for shell in ShellRun.shells {
        for tool in ["curl", "wget", "python3"] where ShellRun.find(tool) != nil {
          let report = try await Self.report(
            shell, try Self.call("http://meshctl-nowhere.invalid:8080"), tool: tool,
            environment: ["http_proxy": "http://joe:s3cr3t@127.0.0.1:\(port)"])
          #expect(report.text("verdict") == "resolve")
          #expect(report.text("proxy") == "http_proxy=http://127.0.0.1:\(port)")
          #expect(!report.sections.values.contains { $0.text.contains("s3cr3t") })
          if shell[0] == "busybox", tool == "wget" { continue }
          #expect(report.text("proxied") == "ok", "\(shell) \(tool)")
        }
        // A proxy that would not answer does not hide a server that does.
        let direct = try await Self.report(
          shell, try Self.call("http://127.0.0.1:\(port)/good"),
          environment: ["http_proxy": "http://127.0.0.1:9", "ALL_PROXY": "http://127.0.0.1:9"])
        #expect(direct.text("verdict") == "ok" && direct.text("proxied") == "")
      }
    }
  }

  /// A getent that knows a name by nss-mdns only.
  @Test(arguments: ShellRun.shells) func multicastOnly(shell: [String]) async throws {
    let bin = try ShellRun.folder(
      with: "getent",
      """
      #!/bin/sh
      case "$*" in
        "-s hosts:files hosts localhost") echo '127.0.0.1 localhost' ;;
        "-s hosts:files dns ahosts mesh.local") exit 2 ;;
        "ahosts mesh.local") echo '127.0.0.1     STREAM mesh.local' ;;
        *) exit 2 ;;
      esac
      """)
    defer { try? FileManager.default.removeItem(at: bin) }
    try await LoopbackWeb().run { port in
      let report = try await Self.report(
        shell, try Self.call("http://mesh.local:9", ["http://127.0.0.1:\(port)/good"]),
        path: bin.path)
      #expect(report.text("mdns") == "yes")
      #expect(report.text("address") == "127.0.0.1")
      #expect(report.text("candidate") == "http://127.0.0.1:\(port)/good")
    }
  }

  /// macOS has no getent; its own tool is asked, whose exit code says nothing.
  @Test(arguments: ShellRun.shells) func dscacheutil(shell: [String]) async throws {
    let bin = try ShellRun.folder(
      with: "dscacheutil",
      """
      #!/bin/sh
      [ "$*" = "-q host -a name mesh.example.com" ] || exit 0
      printf 'name: mesh.example.com\\nipv6_address: fd00::1\\nip_address: 198.51.100.7\\n'
      """)
    defer { try? FileManager.default.removeItem(at: bin) }
    var known = try ScriptRendering.standardInput(
      of: try Self.call("http://mesh.example.com:9"), mark: "m"
    ).reveal()
    known = known.replacingOccurrences(of: "if have getent; then", with: "if false; then")
    for (text, address) in [
      (known, "fd00::1"),
      (known.replacingOccurrences(of: "mesh.example.com", with: "mesh.example.org"), ""),
    ] {
      let hidden = text.replacingOccurrences(of: Self.tools, with: "for try in nothing; do")
      let report = ScriptReport(
        parsing: try await ShellRun.output(shell, hidden, path: bin.path), mark: "m")
      #expect(report.text("address") == address)
      #expect(report.text("verdict") == (address.isEmpty ? "resolve" : "no-tool"))
    }
  }

  @Test(.enabled(if: ShellRun.find("openssl") != nil, "needs openssl"))
  func certificates() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "meshctl-tls-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (key, certificate) = (folder.path + "/key.pem", folder.path + "/cert.pem")
    _ = try await ShellRun.output(
      ["bash"],
      """
      openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout '\(key)' \
      -out '\(certificate)' -days 2 -subj /CN=localhost -addext subjectAltName=DNS:localhost
      cat '\(certificate)' '\(key)' >'\(folder.path)/both.pem'
      """)
    try await LoopbackWeb(certificate: folder.path + "/both.pem").run { port in
      for shell in ShellRun.shells {
        for tool in ["curl", "wget", "python3", "openssl"] where ShellRun.find(tool) != nil {
          let strange = try await Self.report(
            shell, try Self.call("https://localhost:\(port)/good"), tool: tool)
          let evidence = strange.text("evidence") ?? ""
          if shell[0] == "busybox", tool == "wget", strange.text("verdict") == "no-tool" {
            continue
          }
          #expect(strange.text("verdict") == "tls", "\(shell) \(tool): \(evidence)")
          #expect(evidence.count > 20, "\(shell) \(tool): \(evidence)")
        }
        // These two take the authority from the environment.
        for tool in ["python3", "openssl"] {
          for (url, expected) in [
            ("https://localhost:\(port)/good", "ok"), ("https://localhost:\(port)/hidden", "ok"),
            ("https://localhost:\(port)/missing", "http"),
            ("https://127.0.0.1:\(port)/good", "tls"), ("https://localhost:9", "connect"),
          ] {
            let report = try await Self.report(
              shell, try Self.call(url), tool: tool, environment: ["SSL_CERT_FILE": certificate])
            #expect(
              report.text("verdict") == expected,
              "\(shell) \(tool) \(url): \(report.text("evidence") ?? "")")
          }
        }
      }
    }
  }
}
