import Foundation
import MeshCore
import Testing

#if canImport(FoundationXML)
  import FoundationXML
#endif

@Suite("What enables SSH, as files and as one text") struct BootstrapBundleTests {
  /// Comments are data, whatever they hold.
  static let hostile = [
    "'; touch /tmp/meshctl-pwned; '", "\u{2019}; iex 1; \u{2018}", "$(id) `id` %PATH% \"x\"", "é漢🙂",
  ]

  static func request(_ os: OperatingSystem) throws -> BootstrapRequest {
    let lines = hostile.enumerated().map { index, comment in
      (index % 2 == 0 ? AuthorizedKeysTests.ed25519 : AuthorizedKeysTests.other) + " " + comment
    }
    return BootstrapRequest(
      os: os, keys: try AuthorizedKeys(parsing: lines.joined(separator: "\n"), source: "keys"),
      user: "ops", port: os == .macos ? nil : 2222,
      remoteAddress: os == .macos ? nil : try IPPrefix.parse("10.0.0.0/24"))
  }

  static func file(_ name: String, _ os: OperatingSystem) throws -> BootstrapBundle.File {
    try #require(BootstrapBundle.files(try request(os)).first { $0.name == name })
  }

  @Test(arguments: [
    (OperatingSystem.linux, ["enable-ssh.sh", "authorized_keys"]),
    (.macos, ["enable-ssh-macos.sh", "authorized_keys"]),
    (
      .windows,
      [
        "enable-ssh.ps1", "setup-ssh-key.ps1", "install.bat", "autounattend-fragment.xml",
        "authorized_keys",
      ]
    ),
  ])
  func everySystemHasItsFiles(os: OperatingSystem, names: [String]) throws {
    let files = BootstrapBundle.files(try BootstrapBundleTests.request(os))
    #expect(files.map(\.name) == names)
    for file in files {
      #expect(file.text.unicodeScalars.first != "\u{FEFF}", "\(file.name) has a byte order mark")
      #expect(file.isExecutable == file.name.hasSuffix(".sh"))
      guard !file.isKeys else { continue }
      // Whatever code page reads them.
      #expect(file.text.utf8.allSatisfy { $0 < 0x80 }, "\(file.name) is not ASCII")
      for comment in BootstrapBundleTests.hostile { #expect(!file.text.contains(comment)) }
    }
  }

  @Test func windowsFilesHaveWindowsLineEndsAndKeysHaveNot() throws {
    for file in BootstrapBundle.files(try BootstrapBundleTests.request(.windows)) {
      let bytes = Array(file.text.utf8)
      let bare = bytes.indices.count { index in
        bytes[index] == 0x0A && (index == 0 || bytes[index - 1] != 0x0D)
      }
      #expect(file.isKeys ? !bytes.contains(0x0D) : bare == 0, "\(file.name)")
    }
  }

  @Test func theBatchFileCallsTheScriptBesideItWithTheOptions() throws {
    let text = try BootstrapBundleTests.file("install.bat", .windows).text
    let call = text.split(whereSeparator: \.isNewline).last
    #expect(
      call?.hasSuffix(
        "-File \"%~dp0enable-ssh.ps1\" -LogFile \"%~dp0install.log\" -Port 2222"
          + " -RemoteAddress 10.0.0.0/24") == true)
  }

  @Test func theAnswerFileIsWellFormedAndRunsTheBatchFile() throws {
    let text = try BootstrapBundleTests.file("autounattend-fragment.xml", .windows).text
    let reader = ElementReader()
    let parser = XMLParser(data: Data(text.utf8))
    parser.delegate = reader
    #expect(parser.parse(), "\(String(describing: parser.parserError))")
    #expect(reader.texts["Order"] == "1")
    #expect(reader.texts["CommandLine"] == #"cmd.exe /c C:\OEM\install.bat"#)
    #expect(reader.attributes["component"]?["name"] == "Microsoft-Windows-Shell-Setup")
    #expect(reader.attributes["settings"]?["pass"] == "oobeSystem")
  }

  /// `powershell -Command -` runs what it has at an empty line, and nothing at the end of input.
  @Test func theWindowsTextIsTwoBlocksWithoutAnEmptyLineInside() throws {
    let text = BootstrapScript.standardInput(try BootstrapBundleTests.request(.windows))
    let blocks = text.components(separatedBy: "\n\n")
    #expect(blocks.count == 3 && blocks.last == "")
    #expect(blocks.prefix(2).allSatisfy { $0.hasPrefix("& {\n") })
    #expect(blocks[0].hasSuffix("\n} -Port 2222 -RemoteAddress 10.0.0.0/24"))
    #expect(
      !blocks.contains { $0.split(separator: "\n").contains { $0.allSatisfy(\.isWhitespace) } })
    #expect(text.utf8.allSatisfy { $0 < 0x80 }, "standard input is decoded by any code page")
  }

  @Test func keysAndUserArriveWhole() throws {
    let request = try BootstrapBundleTests.request(.windows)
    let text = BootstrapScript.standardInput(request)
    let found = text.matches(of: #/FromBase64String\('([A-Za-z0-9+\/=]*)'\)/#).compactMap {
      Data(base64Encoded: String($0.output.1)).map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(found == ["ops", request.keys.text])
  }

  @Test func withoutKeysNothingPretendsToAddThem() {
    let request = BootstrapRequest(os: .windows)
    #expect(!BootstrapScript.standardInput(request).contains("FromBase64String"))
    #expect(!BootstrapBundle.files(request).contains { $0.isKeys })
  }

  @Test func theLineHoldsTheKeysWithoutTheirComments() throws {
    for os in OperatingSystem.allCases {
      let line = try BootstrapLine.of(BootstrapBundleTests.request(os))
      #expect(!line.contains("\n"))
      #expect(line.contains(AuthorizedKeysTests.ed25519))
      for comment in BootstrapBundleTests.hostile { #expect(!line.contains(comment)) }
      #expect(line.utf8.count < 2000)
    }
  }

  /// The line would let such a key in without what restricts it.
  @Test(arguments: OperatingSystem.allCases) func theLineRefusesKeysWithOptions(
    os: OperatingSystem
  ) throws {
    let keys = try AuthorizedKeys(
      parsing: AuthorizedKeysTests.other + "\nrestrict " + AuthorizedKeysTests.ed25519, source: "x")
    let failure = try #require(throws: Failure.self) {
      try BootstrapLine.of(BootstrapRequest(os: os, keys: keys))
    }
    #expect(failure.diagnostic.code == .bootstrapKeyForm)
    #expect(failure.diagnostic.hint?.contains("--out FOLDER") == true)
  }
}

/// The texts and attributes of an XML file's elements, by name.
private final class ElementReader: NSObject, XMLParserDelegate {
  var texts: [String: String] = [:]
  var attributes: [String: [String: String]] = [:]
  private var open: [String] = []

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String]
  ) {
    open.append(element)
    self.attributes[element] = attributes
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    guard let element = open.last else { return }
    texts[element, default: ""] += string
  }

  func parser(
    _ parser: XMLParser, didEndElement element: String, namespaceURI: String?,
    qualifiedName: String?
  ) {
    open.removeLast()
  }
}
