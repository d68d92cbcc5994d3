import Foundation
@testable import MeshCore
import Testing

/// What goes to a Windows host and how its answer is read; the grammar's word on it is asked with the
/// adapters.
@Suite struct PowerShellRenderingTests {
  private let key = "hskey-auth-abc-0123456789"

  private func join() throws -> String {
    try PowerShellRendering.standardInput(
      of: .join(arguments: ["--hostname=it's \u{2019}q"], key: .preAuthKey), mark: "m",
      secrets: [.preAuthKey: Secret(key)]
    ).reveal()
  }

  /// The frames of an input, as bootstrap.ps1 reads them.
  private func frames(_ input: String) throws -> [String] {
    var frames: [String] = []
    var frame = ""
    for line in input.split(separator: "\n") {
      if line.hasPrefix(".") {
        #expect(Int(line.dropFirst()) == frame.count)
        let bytes = try #require(Base64.decoded(frame))
        frames.append(String(decoding: bytes, as: UTF8.self))
        frame = ""
      } else if line.hasPrefix("!") {
        #expect(Int(line.dropFirst()) == frames.count)
      } else {
        frame += line
      }
    }
    #expect(frame == "")
    return frames
  }

  /// One line for every shell: ASCII, no quote, no variable, nothing to interpret, and room to spare
  /// below the 8191 characters of cmd.exe.
  @Test func commandLineIsPlain() throws {
    let line = PowerShellRendering.commandLine
    #expect(line.count < 6000)
    let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=- ")
    #expect(line.allSatisfy(allowed.contains))
    #expect(line.hasPrefix("powershell -NoProfile -NonInteractive -ExecutionPolicy Bypass "))
    let encoded = try #require(line.split(separator: " ").last)
    let bytes = try #require(Base64.decoded(encoded))
    let units = stride(from: 0, to: bytes.count, by: 2).map {
      UInt16(bytes[$0]) | UInt16(bytes[$0 + 1]) << 8
    }
    let script = String(decoding: units, as: UTF16.self)
    // PowerShell reads standard input only for a command that mentions it.
    #expect(script.contains("foreach ($line in $input)") && !script.contains("#"))
  }

  @Test func inputIsPlainLines() throws {
    let input = try join()
    let allowed = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=.!\n")
    #expect(input.allSatisfy(allowed.contains))
    #expect(input.split(separator: "\n").allSatisfy { $0.count <= 2000 })
  }

  /// Windows may write the text of every script block into its event log; a key must not be there.
  @Test func secretsStandInNoScript() throws {
    let frames = try frames(try join())
    #expect(frames.count == 2 && frames[1] == key)
    #expect(!frames[0].contains("hskey"))
    #expect(frames[0].contains("$Call['AUTH_KEY_FILE'] = New-SecretFile 1\n"))
    #expect(frames[0].hasPrefix("& {\n$MeshctlMark = 'm'\n"))
    #expect(frames[0].contains("$Call['ARGS'] = '--hostname=it''s \u{2019}\u{2019}q'\n"))
    #expect(frames[0].hasSuffix("finally {\nRemove-SecretFiles\n}\n}\n"))
  }

  @Test func handOverBringsItsFiles() throws {
    let url = try HostFixture.url("https://mesh.example.com")
    let call = RemoteCall.handOver(arguments: ["--reset"], server: url)
    let input = try PowerShellRendering.standardInput(
      of: call.describing(keyID: "7", expires: Timestamp(seconds: 1_800_000_000)), mark: "m",
      secrets: [.waitingKey: Secret(key)])
    let frames = try frames(input.reveal())
    #expect(frames.count == 2 && frames[1] == key && !frames[0].contains("hskey"))
    for name in ["JOIN_SCRIPT", "LAUNCHER", "KEY_ID", "KEY_EXPIRES", "URL", "TIMEOUT"] {
      #expect(frames[0].contains("$Call['\(name)'] = '"), "\(name)")
    }
  }

  @Test func everyScriptIsThere() throws {
    for script in ScriptName.allCases where PowerShellRenderingTests.isOfWindows(script) {
      let call = RemoteCall(script, elevated: false, timeout: 1)
      _ = try PowerShellRendering.standardInput(of: call, mark: "m")
    }
    #expect(throws: Failure.self) {
      try PowerShellRendering.standardInput(
        of: RemoteCall(.installApt, elevated: true, timeout: 1), mark: "m")
    }
  }

  @Test func unfitValues() {
    func refused(_ call: RemoteCall, _ mark: String = "m", _ secrets: [SecretSlot: Secret] = [:]) {
      let failure = #expect(throws: Failure.self) {
        try PowerShellRendering.standardInput(of: call, mark: mark, secrets: secrets)
      }
      #expect(failure?.diagnostic.code == .scriptValue)
    }
    func call(_ name: String, _ value: String) -> RemoteCall {
      RemoteCall(.elevate, parameters: [.init(name, value)], elevated: false, timeout: 1)
    }
    refused(call("A", "x\0y"))
    for name in ["", "a", "A']; x; $y['", "PATH"] { refused(call(name, "x")) }
    for mark in ["", "a b", "a'b", "a\nb"] { refused(call("A", "x"), mark) }
    let join = RemoteCall.join(arguments: [], key: .preAuthKey)
    refused(join)
    refused(join, "m", [.preAuthKey: Secret("")])
    refused(join, "m", [.preAuthKey: Secret("a\0b")])
  }

  /// Not the installers of other systems, and not what prepares sudo.
  static func isOfWindows(_ script: ScriptName) -> Bool {
    switch script {
    case .installWindows: true
    case .prepare, .prepareUndo: false
    default: !script.installs
    }
  }

  private func line(_ name: String, _ status: Int, _ text: String) -> String {
    "mark-1 \(name) \(status) \(text.isEmpty ? "-" : Base64.encoded(Array(text.utf8)))"
  }

  @Test func reportsAreRead() {
    let output = [
      "Some banner", line("up", 1, "caf\u{E9} \u{6F22}\r\nsecond\r\n\r\n"), "stray words 1 2",
      line("empty", 0, ""), "mark-2 up 0 eA==", "mark-1 bad 0 !!!!", "mark-1 bad2 x eA==",
      line("code", -1_978_335_189, "x"), line("end", 0, ""), line("late", 0, "x"),
    ]
    for end in ["\n", "\r\n"] {
      let report = PowerShellRendering.report(
        parsing: output.joined(separator: end), mark: "mark-1")
      #expect(report.isComplete && Set(report.sections.keys) == ["up", "empty", "code"])
      #expect(report.text("up") == "caf\u{E9} \u{6F22}\nsecond" && report.status("up") == 1)
      #expect(report.text("empty") == "" && report.status("code") == -1_978_335_189)
    }
    // A console that writes UTF-16, read as bytes.
    let wide = "\u{FEFF}" + output.joined(separator: "\r\n").map { "\($0)\0" }.joined()
    let report = PowerShellRendering.report(parsing: wide, mark: "mark-1")
    #expect(report.isComplete && report.text("up") == "caf\u{E9} \u{6F22}\nsecond")
    #expect(!PowerShellRendering.report(parsing: line("up", 0, "x"), mark: "mark-1").isComplete)
    #expect(!PowerShellRendering.report(parsing: "", mark: "mark-1").isComplete)
  }

  @Test(arguments: [
    ("plain words\n", "plain words\n"),
    (
      "#< CLIXML\r\n<Objs Version=\"1.1.0.1\" xmlns=\"http://schemas.microsoft.com/powershell/2004/04\">"
        + "<Obj S=\"progress\" RefId=\"0\"><MS><PR N=\"Record\"><AV>Preparing modules</AV></PR></MS></Obj></Objs>",
      ""
    ),
    (
      "before #< CLIXML <Objs><S S=\"Error\">boom &lt;a&gt; &amp;amp; \"x\"_x000D__x000A_</S>"
        + "<S S=\"Error\">+ ~~~_x000D__x000A_</S><S S=\"Warning\">no</S></Objs> after",
      "before boom <a> &amp; \"x\"\r\n+ ~~~\r\n after"
    ),
    ("#< CLIXML\n<Objs><S S=\"Error\">cut sho", "cut sho"),
    ("_x000D_ stays outside", "_x000D_ stays outside"),
  ])
  func clixml(text: String, words: String) { #expect(CLIXML.words(in: text) == words) }

  @Test func base64() {
    for count in 0...70 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ count) }
      let text = Base64.encoded(bytes)
      #expect(text == Data(bytes).base64EncodedString())
      #expect(Base64.decoded(text) == bytes)
    }
    for text in ["a", "ab", "abc", "a=bc", "====", "ab!=", "a b="] {
      #expect(Base64.decoded(text) == nil, "\(text)")
    }
  }
}
