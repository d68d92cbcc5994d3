import MeshCore
import Testing

@Suite("Public keys for authorized_keys") struct AuthorizedKeysTests {
  static let ed25519 =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIBx8nVYBrWSEVYIS3yAZpi8ySDRvJHIlJbzl6Jq5hcYo"
  static let other =
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIMpm7DzoNVPcm7H1XQ4mXvAlPTsfhPZgFzGLM7ZHoaPk"

  static func keys(_ text: String) throws -> AuthorizedKeys {
    try AuthorizedKeys(parsing: text, source: "keys.pub")
  }

  @Test func linesCommentsAndBlanks() throws {
    let keys = try AuthorizedKeysTests.keys(
      "# mine\n\n  \(AuthorizedKeysTests.ed25519) karl@desk  \r\n\(AuthorizedKeysTests.other)\n")
    #expect(keys.keys.map(\.comment) == ["karl@desk", ""])
    #expect(keys.keys.map(\.type) == ["ssh-ed25519", "ssh-ed25519"])
    #expect(
      keys.text == "\(AuthorizedKeysTests.ed25519) karl@desk\n\(AuthorizedKeysTests.other)\n")
  }

  @Test func optionsStayAndQuotedBlanksPartNothing() throws {
    let line = "from=\"10.0.0.0/8,!10.0.0.1\",command=\"echo \\\"a b\\\" ssh-rsa x\" "
    let keys = try AuthorizedKeysTests.keys(line + AuthorizedKeysTests.ed25519 + " a b")
    #expect(keys.keys.map(\.line) == [line + AuthorizedKeysTests.ed25519 + " a b"])
    #expect(keys.keys.map(\.comment) == ["a b"])
  }

  @Test func quotesInACommentQuoteNothing() throws {
    let keys = try AuthorizedKeysTests.keys("\(AuthorizedKeysTests.ed25519) \"desk 'a\n")
    #expect(keys.keys.map(\.comment) == ["\"desk 'a"])
  }

  @Test func oneKeyIsOneLine() throws {
    let keys = try AuthorizedKeysTests.keys(
      "\(AuthorizedKeysTests.ed25519) one\n\(AuthorizedKeysTests.ed25519) two\n")
    #expect(keys.keys.map(\.comment) == ["one"])
  }

  @Test(arguments: [
    "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
    "-----BEGIN RSA PRIVATE KEY-----\n",
    "\(ed25519)\n-----BEGIN EC PRIVATE KEY-----\n",
  ])
  func aPrivateKeyIsRefusedAndNotQuoted(text: String) throws {
    let failure = try #require(throws: Failure.self) { try AuthorizedKeysTests.keys(text) }
    #expect(failure.diagnostic.code == .bootstrapPrivateKey)
    #expect(failure.diagnostic.evidence == nil)
    #expect(!"\(failure)".contains("b3BlbnNz"))
  }

  @Test(arguments: [
    "hello", "ssh-ed25519", "ssh-ed25519 AAAA", "ssh-ed25519 \(other.dropFirst(12))x",
    "ssh-rsa \(ed25519.dropFirst(12))",
    "ssh-dss AAAAB3NzaC1kc3MAAAABAAAAAQ==",
    "from=\"open \(ed25519)", "\(ed25519) a\u{1B}[2J", "\(ed25519) a\u{0}b",
    "---- BEGIN SSH2 PUBLIC KEY ----",
    "ssh-ed25519-cert-v01@openssh.com AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29t",
  ])
  func whatIsNoKeyNamesItsLine(line: String) throws {
    let failure = try #require(throws: Failure.self) {
      try AuthorizedKeysTests.keys("# first\n" + line + "\n")
    }
    #expect(failure.diagnostic.code == .bootstrapKeyForm)
    #expect(failure.diagnostic.message.contains("line 2 of keys.pub"))
    #expect(failure.diagnostic.evidence == nil, "the file may hold something else")
  }

  @Test func mergingKeepsEveryLineAndAddsWhatLacks() throws {
    let wanted = try AuthorizedKeysTests.keys(
      "\(AuthorizedKeysTests.ed25519) new\n\(AuthorizedKeysTests.other) new\n")
    let there = "# theirs\nfrom=\"10.0.0.0/8\" \(AuthorizedKeysTests.ed25519) old"
    let merged = try wanted.merged(into: there, source: "x")
    #expect(merged == there + "\n\(AuthorizedKeysTests.other) new\n")
    #expect(try wanted.merged(into: merged, source: "x") == merged, "a second time changes nothing")
    // A key behind # is none.
    let off = "#\(AuthorizedKeysTests.ed25519)\n"
    #expect(try wanted.merged(into: off, source: "x") == off + wanted.text)
  }

  @Test func aFileWithAPrivateKeyIsNoAuthorizedKeys() throws {
    let wanted = try AuthorizedKeysTests.keys(AuthorizedKeysTests.ed25519)
    #expect(throws: Failure.self) {
      try wanted.merged(into: "-----BEGIN PRIVATE KEY-----\n", source: "id_ed25519")
    }
  }
}
