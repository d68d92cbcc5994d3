/// What `meshctl prepare --undo` would take back on one host, in words.
package enum PreparationUndo {
  /// What a person reads before the question.
  package static func lines(_ host: Host) -> [String] {
    let managed = host.preferences.operatorUser
    return [
      "On \(host.key), only what meshctl prepare wrote:",
      "",
      "  - \(RootRule.sudoersPlace), where its first line is ours",
      "  - our lines in \(RootRule.doasPlace)",
      managed == nil
        ? "  - the operator, where we set it and it still is: back to what it was"
        : "  - nothing of the operator, since the inventory manages it (operator: \(managed ?? ""))",
      "  - lines of ~/.ssh/authorized_keys that end in `\(PublicKeyLine.marker)`",
      "",
    ]
      + Preparation.prose([
        "Not taken back: an installed client and its service, the host key in your known_hosts"
          + " (ssh-keygen -R)."
      ])
  }

  /// What was done, one line a part.
  package static func summary(_ parts: [String: PrepareJudge.Undone]) -> [String] {
    let names = [
      ("sudoers", RootRule.sudoersPlace), ("doas", "lines in \(RootRule.doasPlace)"),
      ("operator", "operator"), ("keys", "keys in ~/.ssh/authorized_keys"),
    ]
    return names.compactMap { part, name in
      parts[part].map { "\(name): \(words($0))" }
    }
  }

  private static func words(_ undone: PrepareJudge.Undone) -> String {
    switch undone {
    case .removed: "taken back"
    case .absent: "nothing of ours there"
    case .foreign: "left alone: it does not look as we wrote it"
    case .changed: "left alone: somebody changed it since"
    case .kept: "kept: the inventory manages it"
    }
  }
}
