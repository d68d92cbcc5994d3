import Foundation
import Testing

/// The fleet of the field report, rehearsed as the README says (examples/office).
@Suite("The office example") struct OfficeExampleTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../examples/office").standardizedFileURL

  /// Every gap of design §1 occurs, and is resolved or handed to a person in one line.
  @Test func theRehearsalGoesAsWritten() async throws {
    let ending = try await MeshctlProgram.shell(
      "bash rehearse.sh \"$MESHCTL\"", in: Self.folder.path())
    #expect(ending.exit == 0, "\(ending.output)\(ending.errors)")
    let golden = Self.folder.appending(path: "rehearsal.txt")
    if ProcessInfo.processInfo.environment["MESHCTL_UPDATE_GOLDENS"] == "1",
      ProcessInfo.processInfo.environment["CI"] == nil
    {
      try ending.output.write(to: golden, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOf: golden, encoding: .utf8)
    #expect(ending.output == expected)
    // What each run printed, the texts around them included.
    let runs = ending.output.components(separatedBy: "\n$ meshctl ").dropFirst().map { String($0) }
    try #require(runs.count == 7)
    for row in Self.gaps {
      let text = runs[row.run]
      #expect(text.hasPrefix(row.command), "gap \(row.gap): \(text.prefix(40))")
      for words in row.words {
        #expect(text.contains(words), "gap \(row.gap) is not in run \(row.run): \(words)")
      }
    }
    #expect(Set(Self.gaps.map(\.gap)) == Set(1...6))
  }

  /// No words stand for two gaps, and none is what an inventory's warning says anyway.
  @Test func everyGapHasWordsOfItsOwn() throws {
    let words = Self.gaps.flatMap { row in row.words.map { (gap: row.gap, words: $0) } }
    for (gap, text) in words {
      let shared = words.filter {
        $0.gap != gap && ($0.words.contains(text) || text.contains($0.words))
      }
      #expect(shared.isEmpty, "\(text): also of \(shared)")
    }
    let golden = try String(
      contentsOf: Self.folder.appending(path: "rehearsal.txt"), encoding: .utf8)
    let head = try #require(golden.components(separatedBy: "1 warning\n").first)
    for (_, text) in words { #expect(!head.contains(text), "\(text)") }
  }

  private struct Gap {
    /// Its number in design §1.
    var gap: Int
    /// Which run of the rehearsal, from 0, and how its command begins.
    var run: Int
    var command: String
    /// What it prints: the gap occurs, or it is resolved or handed to a person.
    var words: [String]
  }

  private static let gaps = [
    // 1: a fresh Windows has no SSH server.
    Gap(
      gap: 1, run: 0, command: "plan",
      words: [
        "nothing listens for SSH at localhost:2222; apply puts the files that enable it into",
        "evidence: ssh: connect to host localhost port 2222: Connection refused",
      ]),
    Gap(
      gap: 1, run: 1, command: "apply",
      words: [
        "error[MESH-BOOTSTRAP-SETUP]: the setup of win-lab has not enabled SSH at localhost:2222",
        #"hint: meshctl apply --limit win-lab, later; or run C:\OEM\install.bat there"#,
      ]),
    // 2: what joins over SSH is logged out again.
    Gap(
      gap: 2, run: 4, command: "apply",
      words: [
        "is listed but not online after 60 s [MESH-JOIN-NOT-ONLINE]",
        "error[MESH-JOIN-WAITS]: a person has to finish the join: log on to win-lab, run powershell",
      ]),
    Gap(gap: 2, run: 5, command: "apply", words: ["No changes. 3 hosts in sync."]),
    // 3: sudo asks for a password.
    Gap(
      gap: 3, run: 0, command: "plan",
      words: [
        "error[MESH-ELEVATE-PASSWORD]: sudo asks for a password on office-one",
        "hint: meshctl prepare office-one (asks once)",
      ]),
    Gap(
      gap: 3, run: 3, command: "prepare",
      words: ["office-one: ready; ops changes the client without root."]),
    // 4: keys of Windows administrators, and their ACL.
    Gap(
      gap: 4, run: 2, command: "plan",
      words: [
        "warning[MESH-BOOTSTRAP-KEYS]: SSH refused the login on win-lab; apply puts the files that let",
        "let the SSH keys in, then join as win-lab",
        #"keys from C:\ProgramData\ssh\administrators_authorized_keys only"#,
        "only while its ACL lets in nobody but Administrators and SYSTEM",
        "evidence: Docker@localhost: Permission denied (publickey,password,keyboard-interactive).",
        "run install.bat there once, as administrator",
      ]),
    Gap(
      gap: 4, run: 4, command: "apply",
      words: ["win-lab     enable-ssh       ok", "SSH answers at localhost:2222"]),
    // 5: the server's name does not resolve on the host.
    Gap(
      gap: 5, run: 4, command: "apply",
      words: [
        "`sfspark1.local` does not resolve on office-one, so it joins by http://10.0.0.56:8080",
        "It is DNS.", "evidence: sfspark1.local does not resolve here (getent)",
        "hint: to keep the address: server_url: http://10.0.0.56:8080",
      ]),
    // 6: winget's msstore source fails with a certificate error.
    Gap(
      gap: 6, run: 4, command: "apply",
      words: [
        "tailscale 1.102.3 by winget --source winget",
        "the MSI could not be fetched on win-lab, so winget installed the client",
        "msstore, is never asked: its certificate error (0x8A15005E) is known",
        "curl: (6) Could not resolve host: pkgs.tailscale.com",
      ]),
  ]
}
