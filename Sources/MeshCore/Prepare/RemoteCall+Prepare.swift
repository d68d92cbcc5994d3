/// The calls of `meshctl prepare` (docs/scripts.md).
extension RemoteCall {
  /// Notes there who the operator was before, so that `--undo` gives back exactly that.
  package static func operatorNote(on os: OperatingSystem) -> String {
    os == .macos ? "/var/db/meshctl/operator" : "/var/lib/meshctl/operator"
  }

  /// Puts a rule in place that was shown in full.
  package static func prepare(_ rule: RootRule, login: String) -> RemoteCall {
    let isSudo = rule.kind == .sudoers
    return RemoteCall(
      .prepare,
      parameters: [
        Parameter("PART", isSudo ? "sudoers" : "doas"), Parameter("LOGIN", login),
        Parameter("PLACE", rule.place), Parameter("TEXT", rule.text),
        Parameter("MARKER", isSudo ? RootRule.sudoersMarker : RootRule.doasMarker),
      ], elevated: true, timeout: 90)
  }

  /// Makes the login user the client's operator.
  package static func prepareOperator(login: String, on os: OperatingSystem) -> RemoteCall {
    RemoteCall(
      .prepare,
      parameters: [
        Parameter("PART", "operator"), Parameter("LOGIN", login),
        Parameter("PLACE", operatorNote(on: os)), Parameter("TEXT", ""), Parameter("MARKER", ""),
      ], elevated: true, timeout: 120)
  }

  /// Appends a public key to the login user's authorized_keys.
  package static func prepare(_ key: PublicKeyLine) -> RemoteCall {
    RemoteCall(
      .prepare,
      parameters: [
        Parameter("PART", "key"), Parameter("LOGIN", ""), Parameter("PLACE", ""),
        Parameter("TEXT", key.text), Parameter("MARKER", ""),
      ], elevated: false, timeout: 60)
  }

  /// Takes back what `prepare` wrote as root; the operator stays where the inventory manages it.
  package static func prepareUndo(keepsOperator: Bool, on os: OperatingSystem) -> RemoteCall {
    undo("root", keepsOperator, os, elevated: true)
  }

  /// Takes back the rule alone: operator and note stay, so that a later `--undo` finds them.
  package static func prepareUndoRule(on os: OperatingSystem) -> RemoteCall {
    undo("rule", true, os, elevated: true)
  }

  /// Takes back the authorized_keys lines that `prepare` wrote.
  package static func prepareUndoKeys(on os: OperatingSystem) -> RemoteCall {
    undo("key", false, os, elevated: false)
  }

  private static func undo(
    _ part: String, _ keepsOperator: Bool, _ os: OperatingSystem, elevated: Bool
  ) -> RemoteCall {
    RemoteCall(
      .prepareUndo,
      parameters: [
        Parameter("PART", part), Parameter("SUDOERS", RootRule.sudoersPlace),
        Parameter("SUDOERS_MARKER", RootRule.sudoersMarker), Parameter("DOAS", RootRule.doasPlace),
        Parameter("DOAS_MARKER", RootRule.doasMarker), Parameter("DOAS_LAST", RootRule.doasLast),
        Parameter("NOTE", operatorNote(on: os)), Parameter("KEEP", keepsOperator ? "yes" : "no"),
        Parameter("KEY_WORD", PublicKeyLine.marker),
      ], elevated: elevated, timeout: 120)
  }
}
