import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// The table of causes has one row for every code that the sources declare, and no other.
@Suite struct CauseTests {
  private static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Sources")

  /// Every `DiagnosticCode(rawValue: "MESH-…")` of a folder, by file.
  private static func declared(_ folder: URL) throws -> [(code: String, file: String)] {
    var found: [(String, String)] = []
    let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
    for case let file as URL in try #require(files) where file.pathExtension == "swift" {
      let text = try String(contentsOf: file, encoding: .utf8)
      for match in text.matches(of: /DiagnosticCode\(\s*rawValue:\s*"([^"]*)"/) {
        found.append((String(match.1), file.lastPathComponent))
      }
    }
    return found
  }

  @Test func everyCodeHasOneRowAndEveryRowACode() throws {
    let codes = try Self.declared(Self.sources.appending(path: "MeshCore/Diagnostics"))
    try #require(codes.count > 200, "the pattern finds no codes any more")
    let rows = Cause.all.map(\.code.rawValue)
    let missing = codes.filter { !rows.contains($0.code) }
    #expect(missing.isEmpty, "codes without a row in MeshCore/Diagnostics/Causes: \(missing)")
    let spare = Set(rows).subtracting(codes.map(\.code))
    #expect(spare.isEmpty, "rows without a code: \(spare)")
    for (name, list) in [("code", codes.map(\.code)), ("row", rows)] {
      let twice = Dictionary(grouping: list, by: \.self).filter { $0.value.count > 1 }.keys
      #expect(twice.isEmpty, "\(name)s that are there twice: \(twice)")
    }
  }

  @Test func codesAreDeclaredInTheirFilesOnly() throws {
    let folder = Self.sources.appending(path: "MeshCore/Diagnostics").path
    let elsewhere = try Self.declared(Self.sources).filter {
      !FileManager.default.fileExists(atPath: folder + "/" + $0.file)
    }
    #expect(elsewhere.isEmpty)
    for (code, file) in try Self.declared(Self.sources) {
      #expect(file.hasPrefix("DiagnosticCode+"), "\(code) in \(file)")
      #expect(code.wholeMatch(of: /MESH(-[A-Z0-9]+)+/) != nil, "\(code)")
    }
  }

  @Test(arguments: Cause.all) func aRowSaysAll(cause: Cause) {
    #expect(!cause.title.isEmpty && !cause.title.hasSuffix("."), "\(cause.code.rawValue)")
    #expect(cause.title.count <= 120)
    for text in [cause.meaning, cause.evidence] {
      #expect(text.hasSuffix(".") && !text.contains("  "), "\(cause.code.rawValue): \(text)")
    }
    #expect(!cause.next.isEmpty && cause.next.allSatisfy { !$0.isEmpty && !$0.hasSuffix(".") })
    #expect(!cause.source.isEmpty)
    let all = ([cause.title, cause.meaning, cause.evidence, cause.source] + cause.next).joined()
    #expect(all.unicodeScalars.allSatisfy { !VisibleText.isHidden($0) })
  }

  /// A command of ours that a row names exists.
  @Test func rowsNameVerbsThatExist() {
    let verbs: Set = [
      "plan", "apply", "validate", "status", "verify", "import", "prepare", "bootstrap", "doctor",
      "schema", "show", "log", "explain", "init",
    ]
    for cause in Cause.all {
      for line in cause.next {
        for match in line.matches(of: /meshctl ([a-z]+)/) where match.1 != "again" {
          #expect(verbs.contains(String(match.1)), "\(cause.code.rawValue): \(line)")
        }
      }
    }
  }

  @Test func theCommittedDocumentIsTheGeneratedOne() {
    GoldenFile("../../../docs/codes.md").expect(CauseDocument.markdown)
  }

  // MARK: Looking up

  @Test(arguments: ["MESH-SERVER-RESOLVE", "mesh-server-resolve", "server-resolve", "Server-Res"])
  func found(word: String) {
    #expect(CauseLookup(word) == Cause.of(.serverResolve).map(CauseLookup.found))
  }

  @Test func aBeginningListsThoseCodes() {
    guard case .several(let causes) = CauseLookup("mesh-elevate") else {
      Issue.record("not several")
      return
    }
    #expect(causes.count >= 6)
    #expect(causes.allSatisfy { $0.code.rawValue.hasPrefix("MESH-ELEVATE") })
    // A code that is also the beginning of others is itself.
    #expect(CauseLookup("MESH-SERVER-HTTP") == Cause.of(.serverHTTP).map(CauseLookup.found))
  }

  @Test(arguments: ["mesh-", "MESH", "MESH-", ""]) func whatAllBeginWithListsAll(word: String) {
    #expect(CauseLookup(word) == .several(Cause.all))
  }

  @Test(arguments: [
    ("MESH-SEVER-CONECT", "MESH-SERVER-CONNECT"), ("sever", "MESH-SERVER"),
    ("MESH-SERVER-RESOVLE", "MESH-SERVER-RESOLVE"),
    ("MESH-ELEVATE-PASWORD", "MESH-ELEVATE-PASSWORD"),
    // No slip of the finger, but a whole word of a code.
    ("tunnel-banner", "MESH-SSH-NO-BANNER"),
  ])
  func mistyped(word: String, nearest: String) throws {
    guard case .unknown(let found) = CauseLookup(word) else {
      Issue.record("\(word) is known")
      return
    }
    #expect(found.first == nearest && found.count <= 3, "\(found)")
  }

  /// Where several may be meant, all of them are offered, the nearest first.
  @Test func severalNearCodes() {
    #expect(
      CauseLookup("MESH-SERVER-TTP")
        == .unknown(nearest: ["MESH-SERVER-HTTP", "MESH-SERVER-TLS"]))
  }

  @Test(arguments: ["\u{1B}[31m", "something-else-entirely-that-nobody-wrote"])
  func nothingIsNear(word: String) {
    #expect(CauseLookup(word) == .unknown(nearest: []))
  }
}
