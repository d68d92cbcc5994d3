import MeshCore

/// The failures of the control plane; codes and words are those of the REST adapter.
enum ControlWords {
  static func refused(_ error: SimulatedServerError, to purpose: String) -> Failure {
    if error.text.contains("invalid or not permitted") {
      return Failure(
        .apiTags, "Headscale's policy does not allow the tags",
        detail: "A tag can be set on a node only where it is a key of the policy's tagOwners.",
        evidence: error.text,
        hint: "add the tag to tagOwners in the policy, for example \"tag:web\": []")
    }
    return Failure(
      .apiRefused, "Headscale could not \(purpose) (HTTP \(error.status))",
      evidence: error.text,
      hint: error.status >= 500 ? "the server's log says more: journalctl -u headscale" : nil)
  }

  static func nodeGone(_ id: String, purpose: String) -> Failure {
    Failure(
      .apiNodeGone, "node #\(id) is not on the server any more",
      detail: "meshctl wanted to \(purpose).", hint: "plan again: meshctl plan")
  }

  static func timeout(_ purpose: String) -> Failure {
    Failure(
      .apiTimeout, "no answer in time to \(purpose)",
      detail: "Whether the server did it is not known; the next run looks again.",
      hint: "run meshctl apply again")
  }

  static func userUnknown(_ name: String, count: Int) -> Failure {
    Failure(
      .apiUserUnknown, "Headscale has no user \(name)",
      detail: "Neither a name nor an email says so; it has \(count) users.",
      hint: "check the spelling: headscale users list")
  }

  static func userAmbiguous(_ name: String, ids: [Int]) -> Failure {
    let list = ids.map { "#\($0)" }.joined(separator: ", ")
    return Failure(
      .apiUserAmbiguous, "\(ids.count) users are called \(name): \(list)",
      detail: "meshctl does not guess whose key it is to be.",
      hint: "rename one of them, or write the email as the owner")
  }

  static func readOnly(_ version: String) -> Diagnostic {
    Diagnostic(
      .apiVersionReadOnly, .error, "Headscale \(version) can be read by meshctl but not changed",
      detail: "Its tags and pre-auth keys work differently from 0.28 on.",
      hint: "upgrade to 0.28 or newer, one minor version at a time; plan works already")
  }

  static func keyOwnerMissing(version: String) -> Failure {
    Failure(
      .apiKeyOwner, "Headscale \(version) needs server.key_owner for tagged hosts",
      detail:
        "A tagged key without a user makes a duplicate of every node that joins again, below 0.29.",
      hint: "write key_owner: USER under server: in the inventory, always the same user")
  }
}
