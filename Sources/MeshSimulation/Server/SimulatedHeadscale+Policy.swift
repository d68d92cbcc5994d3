package import MeshCore

extension SimulatedHeadscale {
  /// The stored policy.
  ///
  /// - Throws: 500 while none was ever set.
  package func storedPolicy() throws(SimulatedServerError) -> Policy {
    guard let policy else {
      let (purpose, cause) = ("loading ACL from database", "acl policy not found")
      throw refusal(.unknown("\(purpose): \(cause)"), problem: 500, purpose, cause)
    }
    return policy
  }

  package mutating func setPolicy(
    _ text: String, now: Timestamp
  ) throws(SimulatedServerError) -> Policy {
    do {
      _ = try PolicyText.tagOwners(in: text)
      _ = try PolicyText.autoApprovers(in: text)
    } catch {
      let cause = "parsing policy: \(error.message)"
      throw refusal(
        .unknown("setting policy: \(cause)"), problem: 400, "setting policy", cause)
    }
    let policy = Policy(text: text, updatedAt: now)
    self.policy = policy
    // Routes that the new policy approves are approved at once.
    for index in nodes.indices { autoApprove(nodeAt: index) }
    return policy
  }

  /// `POST /policy/check`, from 0.29 on.
  package func checkPolicy(_ text: String) throws(SimulatedServerError) {
    do {
      _ = try PolicyText.tagOwners(in: text)
    } catch {
      let message = "parsing policy: \(error.message)"
      throw refusal(.invalidArgument(message), problem: 400, message, message)
    }
  }
}

/// The little of a policy that the server model needs.
package enum PolicyText {
  /// Why a policy text was refused.
  package struct Problem: Error, Sendable, Equatable {
    package var message: String
  }

  /// The keys of `tagOwners`; empty where there are none.
  package static func tagOwners(in text: String) throws(Problem) -> Set<String> {
    let root = try document(text)
    guard let owners = root["tagOwners"], owners != .null else { return [] }
    guard let members = owners.members else { throw Problem(message: "tagOwners is an object") }
    for member in members where !member.name.hasPrefix("tag:") {
      throw Problem(message: "tag must start with 'tag:', got: \"\(member.name)\"")
    }
    return Set(members.map(\.name))
  }

  static func document(_ text: String) throws(Problem) -> JSONValue {
    let root: JSONValue
    do {
      root = try JSONReader.read(text, huJSON: true)
    } catch {
      throw Problem(
        message: "parsing HuJSON: hujson: line \(error.line), column \(error.column): "
          + error.message)
    }
    guard root.members != nil else { throw Problem(message: "a policy is an object") }
    return root
  }

  /// A policy that declares these tags and lets everything through.
  package static func allowingAll(tagOwners: some Sequence<String>) -> String {
    let owners = tagOwners.sorted().map { JSONValue.Member($0, []) }
    let rule: JSONValue = ["action": "accept", "src": ["*"], "dst": ["*:*"]]
    let policy: JSONValue = ["tagOwners": .object(owners), "acls": [rule]]
    return policy.compact
  }
}
