#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import MeshCore

/// Says in words why a run of the `headscale` command is no success.
struct CLIWords: Sendable {
  /// The command as a person would type it.
  var command: String

  /// One line of at most 200 characters without control characters; nil where nothing is left.
  static func evidence(_ text: String) -> String? {
    guard let line = TextEvidence.lastLine(of: text) else { return nil }
    return VisibleText.escaped(line, limit: 200)
  }

  /// The command's own error: `{"error":"…"}` on standard error, else its last words.
  static func error(in answer: HeadscaleAnswer) -> String? {
    struct Told: Decodable { var error: String }
    let text = answer.error
    if let start = text.lastIndex(of: "{"), let end = text.lastIndex(of: "}"), start < end,
      let told = try? JSONDecoder().decode(Told.self, from: Data(text[start...end].utf8))
    {
      return told.error
    }
    return TextEvidence.lastLine(of: text) ?? TextEvidence.lastLine(of: answer.output)
  }

  /// Names the problem of a run that ended with another status than 0.
  ///
  /// The command says no more than a text, and most of them leave open whether the server did
  /// something: then the goal state decides.
  func problem(_ answer: HeadscaleAnswer, to purpose: String) -> APIProblem {
    let text = Self.error(in: answer) ?? ""
    let evidence = Self.evidence(text) ?? "exit \(answer.status) without a word"
    func says(_ needles: String...) -> Bool { needles.contains { text.contains($0) } }
    if answer.status == 127 || answer.status == 126 || says("command not found") {
      return APIProblem(
        .neverSent,
        Failure(
          .apiCommand, "there is no headscale command behind `\(command)` (exit \(answer.status))",
          detail: "meshctl wanted to \(purpose).", evidence: evidence,
          hint: "try it by hand: \(command) version"))
    }
    if text.isEmpty {
      // With `-o json` up to 0.28 turns its log off, and what it dies of with it.
      return APIProblem(
        .unclear,
        Failure(
          .apiRefused, "`\(command)` ended with \(answer.status) and without a word",
          detail: "meshctl wanted to \(purpose).", evidence: evidence,
          hint: "it says why without -o json: \(command) nodes list"))
    }
    if says("a password is required", "a terminal is required", "no tty present") {
      return APIProblem(
        .neverSent,
        Failure(
          .apiCommand, "`\(command)` asks for a password, and nobody is there to give it",
          detail: "meshctl runs it without a terminal.", evidence: evidence,
          hint: "run meshctl as root with command: [headscale], or allow it in sudoers: NOPASSWD"))
    }
    if says(
      "connection refused", "connecting to headscale", "could not connect", "onnect: permission",
      "to headscale socket", "connect: no such file")
    {
      return APIProblem(
        .neverSent,
        Failure(
          .apiUnreachable, "`\(command)` does not reach its server",
          detail: "meshctl wanted to \(purpose).", evidence: evidence,
          hint: "on the server: systemctl status headscale; its socket is for root and its group"))
    }
    if says("unknown flag", "unknown shorthand", "unknown command", "required flag") {
      return APIProblem(.neverSent, refused(answer, evidence, purpose))
    }
    if says("invalid or not permitted") {
      return APIProblem(
        .refused(status: 400),
        Failure(
          .apiTags, "Headscale's policy does not allow the tags",
          detail: "A tag can be set on a node only where it is a key of the policy's tagOwners.",
          evidence: evidence,
          hint: "add the tag to tagOwners in the policy, for example \"tag:web\": []"))
    }
    return APIProblem(.unclear, refused(answer, evidence, purpose))
  }

  private func refused(
    _ answer: HeadscaleAnswer, _ evidence: String, _ purpose: String
  ) -> Failure {
    Failure(
      .apiRefused, "Headscale could not \(purpose) (exit \(answer.status) of `\(command)`)",
      evidence: evidence, hint: "the server's log says more: journalctl -u headscale")
  }

  /// The command ran and is something else.
  func notHeadscale(_ answer: HeadscaleAnswer) -> APIProblem {
    APIProblem(
      .unclear,
      Failure(
        .apiNotHeadscale, "`\(command) version` does not answer as Headscale does",
        detail: "Its standard output must be the JSON of headscale version -o json alone.",
        evidence: Self.evidence(answer.output) ?? Self.evidence(answer.error) ?? "no output",
        hint: "try it by hand: \(command) version -o json"))
  }

  /// The output does not hold what this command prints.
  func badAnswer(_ why: String, to purpose: String, excerpt: String?) -> APIProblem {
    APIProblem(
      .unclear,
      Failure(
        .apiBadAnswer, "cannot read what `\(command)` printed to \(purpose): \(why)",
        evidence: excerpt.flatMap { Self.evidence($0) },
        hint: "try it by hand: \(command) nodes list -o json"))
  }
}
