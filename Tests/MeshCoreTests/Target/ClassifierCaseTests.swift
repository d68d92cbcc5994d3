import Foundation
import MeshCore
import MeshTestSupport
import Testing

/// `Cases/classifier/*.tsv`: every row of the reference's tables of words (tailscale-client.md §1.4,
/// §2.5, §5.1), driven through what reads them in a run.
@Suite struct ClassifierCaseTests {
  typealias Classifier = @Sendable (ClassifierCase, MeshCore.Host) -> Diagnostic?

  /// One entry a file; a new classifier adds its own here.
  static let classifiers: [String: Classifier] = [
    "client": client, "health": health, "install": install, "set": set, "sudo": sudo,
  ]

  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Cases/classifier")

  static let cases: [String: [ClassifierCase]] = {
    do { return try ClassifierCase.read(folder) } catch {
      Issue.record(error)
      return [:]
    }
  }()

  @Test func everyFileHasItsClassifier() {
    #expect(Set(Self.cases.keys) == Set(Self.classifiers.keys))
    #expect(Self.cases.values.joined().count >= 120, "issue 4 asks for so many")
  }

  @Test(arguments: classifiers.keys.sorted()) func rows(file: String) throws {
    let classify: Classifier = try #require(Self.classifiers[file])
    let rows = try #require(Self.cases[file])
    #expect(!rows.isEmpty)
    for row in rows { row.expect(classify(row, ClassifierCase.host)) }
  }

  /// Whatever a host says, the answer is data: words around the known ones do not hide them.
  @Test func wordsInMidTextMeanTheSame() throws {
    for file in ["client", "set"] {
      let classify: Classifier = try #require(Self.classifiers[file])
      for row in try #require(Self.cases[file]) where row.code != nil && !row.text.isEmpty {
        var wrapped = row
        wrapped.text = "2026/11/22 12:00:00 \u{1B}[31mnoise: \(row.text) (after)\r\nmore noise"
        #expect(
          classify(wrapped, ClassifierCase.host)?.code.rawValue == row.code,
          "\(row.testDescription)")
      }
    }
  }

  // MARK: What reads them

  /// `tailscale up`: its exit status and what it printed.
  static let client: Classifier = { row, host in
    ClientClassifier.joinFailure(HostFixture.answer(["up": (row.exit, row.text)]), on: host)
  }

  /// An installing script: the stage that failed, and the last of what it said.
  static let install: Classifier = { row, host in
    let words = row.text.split(separator: " ", maxSplits: 1).map(String.init)
    let answer = HostFixture.answer(["stage": (row.exit, words[0]), "evidence": (0, words[1])])
    let call = RemoteCall(.installStatic, elevated: true, timeout: 1)
    guard case .failure(let failure) = RemoteJudge.judge(call, answer: answer, host: host) else {
      return nil
    }
    return failure.diagnostic
  }

  /// What the client's health says after an `up` that gave no reason.
  static let health: Classifier = { row, host in
    let status = """
      {"BackendState":"NeedsLogin","HaveNodeKey":false,"Health":[\(quoted("Tailscale is starting.")),\
      \(quoted(row.text))]}
      """
    let up = "timeout waiting for Tailscale service to enter a Running state"
    return ClientClassifier.joinFailure(
      HostFixture.answer(["up": (row.exit, up), "status": (0, status)]), on: host)
  }

  /// `tailscale set`.
  static let set: Classifier = { row, host in
    ClientClassifier.setFailure(HostFixture.answer(["set": (row.exit, row.text)]), on: host)
  }

  /// A script that was to run as root and did not begin.
  static let sudo: Classifier = { row, host in
    let answer = RemoteAnswer(
      exitStatus: Int32(row.exit), report: HostFixture.report([:], isComplete: false),
      errorText: row.text)
    guard
      case .failure(let failure) = RemoteJudge.judge(.elevate, answer: answer, host: host)
    else { return nil }
    return failure.diagnostic
  }

  private static func quoted(_ text: String) -> String { StableJSON.encode(text) }
}
