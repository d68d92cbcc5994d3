import Foundation
import MeshCore
import Testing

/// Quoting and rendering, tried in real shells.
@Suite struct ScriptRenderingTests {
  static let shells = [["dash"], ["bash"], ["busybox", "sh"]].filter { words in
    ["/bin/", "/usr/bin/"].contains { FileManager.default.isExecutableFile(atPath: $0 + words[0]) }
  }

  static func run(
    _ shell: [String], _ input: String, path: String? = nil, environment: [String: String] = [:]
  ) throws -> String {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = shell + ["-s"]
    var all = ["PATH": (path.map { $0 + ":" } ?? "") + "/usr/bin:/bin", "HOME": "/nonexistent"]
    all.merge(environment) { $1 }
    process.environment = all
    let folder = FileManager.default.temporaryDirectory.appending(path: "meshctl-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "input")
    try Data(input.utf8).write(to: file)
    process.standardInput = try FileHandle(forReadingFrom: file)
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }

  @Test(arguments: shells) func tenThousandHostileStrings(shell: [String]) throws {
    var generator = SystemRandomNumberGenerator()
    let pieces = [
      "'", "\"", "\\", "$", "`", "$(id)", "${x}", "\n", " ", "\t", "*", "?", "[", "~", "!", ";",
      "&",
      "|", "<", ">", "#", "%s", "-", "=", "é", "e\u{301}", "'\u{301}", "漢", "🙂", "\u{7F}", "\r",
      "a", "EOF", "\u{1}", "''", "'\\''", "\\n", "$'x'", "{a,b}",
    ]
    let texts = (0..<10_000).map { _ in
      (0..<Int.random(in: 0...12, using: &generator)).map { _ in
        pieces.randomElement(using: &generator) ?? ""
      }.joined()
    }
    // \u{2} never stands in a text, so it can end each one.
    let script = texts.map { "printf '%s\\002' \(ShellQuoting.quoted($0))\n" }.joined()
    let said = try Self.run(shell, script).unicodeScalars.split(
      separator: "\u{2}", omittingEmptySubsequences: false
    ).map { Array($0) }
    #expect(said.count == texts.count + 1)
    let different = zip(texts, said).first { Array($0.unicodeScalars) != $1 }
    #expect(different == nil)
  }

  @Test(arguments: shells) func parametersAndSecretsArrive(shell: [String]) throws {
    // A fake client shows what the script hands to it.
    let bin = FileManager.default.temporaryDirectory.appending(path: "meshctl-bin-\(UUID())")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: bin) }
    let tool = bin.appending(path: "tailscale")
    try Data(
      """
      #!/bin/sh
      [ "$1" = up ] || exit 0
      for word; do printf '<%s>\\n' "$word"; done
      for word; do case $word in --auth-key=file:*) f=${word#--auth-key=file:};; esac; done
      printf 'key=%s mode=%s dir=%s\\n' "$(cat "$f")" "$(stat -c %a "$f")" "$(stat -c %a "${f%/*}")"
      printf 'where=%s\\n' "${f%/*}"
      env | grep -c -e hostile -e 'k3y' -e '^ARGS' -e AUTH_KEY
      """.utf8
    ).write(to: tool)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool.path)

    let call = RemoteCall.join(
      arguments: ["--hostname=hostile '\"$(touch /tmp/meshctl-pwned)`id`", "--operator=a b"],
      key: .preAuthKey)
    let key = "hskey-auth-k3y-'$(id)'"
    let input = try ScriptRendering.standardInput(
      of: call, mark: "mark-1", secrets: [.preAuthKey: Secret(key)])
    #expect("\(input)" == "(secret)")
    // The login's environment holds names of ours; they must not come back exported.
    let output = try Self.run(
      shell, input.reveal(), path: bin.path, environment: ["ARGS": "hostile", "AUTH_KEY_FILE": "x"])
    let report = ScriptReport(parsing: output, mark: "mark-1")
    #expect(report.isComplete && report.status("up") == 0)
    let lines = (report.text("up") ?? "").split(separator: "\n").map(String.init)
    try #require(lines.count == 8, "\(output)")
    #expect(lines[1] == "<--hostname=hostile '\"$(touch /tmp/meshctl-pwned)`id`>")
    #expect(lines[2] == "<--operator=a b>")
    #expect(lines[3].hasPrefix("<--auth-key=file:/") && lines[4] == "<--timeout=60s>")
    #expect(lines[5] == "key=\(key) mode=600 dir=700")
    #expect(!FileManager.default.fileExists(atPath: String(lines[6].dropFirst("where=".count))))
    #expect(lines[7] == "0", "nothing of ours is in the environment")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/meshctl-pwned"))
  }

  @Test(arguments: shells) func cutInputRunsNothing(shell: [String]) throws {
    let whole = try ScriptRendering.standardInput(
      of: .elevate, mark: "m", secrets: [:]
    ).reveal()
    for share in [0.2, 0.5, 0.9, 0.999] {
      let part = String(whole.prefix(Int(Double(whole.count) * share)))
      #expect(try Self.run(shell, part) == "", "\(share)")
    }
    #expect(try Self.run(shell, whole) != "")
  }

  @Test(arguments: shells) func bareUpHasNoFlag(shell: [String]) throws {
    let bin = FileManager.default.temporaryDirectory.appending(path: "meshctl-bin-\(UUID())")
    try FileManager.default.createDirectory(at: bin, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: bin) }
    let tool = bin.appending(path: "tailscale")
    try Data("#!/bin/sh\necho \"$#:$*\"\n".utf8).write(to: tool)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: tool.path)
    let input = try ScriptRendering.standardInput(
      of: .join(arguments: UpArguments.bare, key: nil), mark: "m")
    let report = ScriptReport(
      parsing: try Self.run(shell, input.reveal(), path: bin.path), mark: "m")
    #expect(report.text("up") == "1:up")
  }

  @Test func unfitValues() {
    func refused(_ call: RemoteCall, _ mark: String = "m", _ secrets: [SecretSlot: Secret] = [:]) {
      let failure = #expect(throws: Failure.self) {
        try ScriptRendering.standardInput(of: call, mark: mark, secrets: secrets)
      }
      #expect(failure?.diagnostic.code == .scriptValue)
    }
    func call(_ name: String, _ value: String) -> RemoteCall {
      RemoteCall(.elevate, parameters: [.init(name, value)], elevated: false, timeout: 1)
    }
    refused(call("A", "x\0y"))
    for name in ["", "a", "1A", "A-B", "PATH", "MESHCTL_MARK", "IFS", "A=1;B"] {
      refused(call(name, "x"))
    }
    for mark in ["", "a b", "a'b", "a\nb"] { refused(call("A", "x"), mark) }
    let join = RemoteCall.join(arguments: [], key: .preAuthKey)
    refused(join)
    refused(join, "m", [.preAuthKey: Secret("")])
    refused(join, "m", [.preAuthKey: Secret("x\nEND-m\nrm -rf /")])
  }
}
