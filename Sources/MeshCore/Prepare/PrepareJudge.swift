/// Judges the answers of `prepare` and `prepare-undo` (docs/scripts.md).
package enum PrepareJudge {
  /// What one part came to.
  package enum Written: String, Sendable { case written, unchanged }

  /// What one part of an undo came to.
  package enum Undone: String, Sendable {
    case removed, absent
    /// It is there, but does not look as we wrote it.
    case foreign
    /// The operator is another one now.
    case changed
    /// The inventory manages it.
    case kept
  }

  package static func verdict(
    _ call: RemoteCall, _ answer: RemoteAnswer, _ host: Host
  ) -> Result<Written, Failure> {
    func parameter(_ name: String) -> String {
      call.parameters.first { $0.name == name }?.value ?? ""
    }
    let said = answer.report.text("prepared") ?? ""
    if answer.report.isComplete, answer.report.status("prepared") == 0,
      let written = Written(rawValue: said)
    {
      return .success(written)
    }
    let place = parameter("PLACE")
    let (code, message, detail, hint) = words(
      said, parameter("PART"), place.isEmpty ? "authorized_keys" : place, host)
    let evidence =
      TextEvidence.lastLine(of: answer.report.text("evidence") ?? "")
      ?? TextEvidence.lastLine(of: answer.errorText)
    return .failure(
      Failure(
        code, answer.report.isComplete ? message : message + " (the answer was cut short)",
        detail: detail, evidence: evidence, hint: hint, host: host.key))
  }

  private static func words(
    _ stage: String, _ part: String, _ place: String, _ host: Host
  ) -> (DiagnosticCode, String, String, String) {
    let name = host.key
    switch stage {
    case "check":
      return (
        .prepareCheck, "the rule was not put in place on \(name): it could not be checked",
        "A sudoers or doas file with an error can lock everybody out of root, so an unchecked one is"
          + " never written.", "on \(name): visudo -c, doas -C \(RootRule.doasPlace)"
      )
    case "foreign", "other":
      return (
        .prepareForeign, "\(place) on \(name) is somebody else's, so it was left alone",
        "meshctl only replaces what it wrote itself, for the same login user.",
        "on \(name): look at \(place); undo it there, or give \(name) another ssh.user"
      )
    case "folder":
      return (
        .prepareWrite, "there is no place for \(place) on \(name)",
        "Nothing was written there.", "meshctl prepare \(name) --one-time"
      )
    case "client", "set":
      return (
        .prepareOperator, "the client on \(name) did not take its new operator",
        "It still wants root for every change.",
        "on \(name): tailscale status; sudo tailscale set"
          + " --operator=USER"
      )
    default:
      let what = part == "key" ? "the key could not be added" : "\(place) could not be written"
      return (
        .prepareWrite, "\(what) on \(name)", "What was there before is still there.",
        "on \(name): df /etc; ls -ld \(place)"
      )
    }
  }

  /// What was taken back, part by part, in order.
  package static func undone(
    _ answer: RemoteAnswer, _ host: Host
  ) -> Result<[String: Undone], Failure> {
    var parts: [String: Undone] = [:]
    for name in ["sudoers", "doas", "operator", "keys"] {
      guard let section = answer.report.sections[name] else { continue }
      if section.status == 0, let undone = Undone(rawValue: section.text) { parts[name] = undone }
    }
    let expected = answer.report.sections.keys.filter {
      ["sudoers", "doas", "operator", "keys"].contains($0)
    }
    guard answer.report.isComplete, !parts.isEmpty, parts.count == expected.count else {
      return .failure(
        Failure(
          .prepareUndo, "not everything could be taken back on \(host.key)",
          detail: "What was taken back by then stays so; the rest is as it was.",
          evidence: TextEvidence.lastLine(of: answer.report.text("evidence") ?? "")
            ?? TextEvidence.lastLine(of: answer.errorText),
          hint: "meshctl prepare --undo \(host.key)", host: host.key))
    }
    return .success(parts)
  }
}
