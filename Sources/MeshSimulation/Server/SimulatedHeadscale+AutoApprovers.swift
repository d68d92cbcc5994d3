import MeshCore

/// Routes that the policy's `autoApprovers` approve (reference headscale-api.md §5.4).
extension SimulatedHeadscale {
  /// Approves what the node advertises and the policy allows; nothing is ever taken back.
  mutating func autoApprove(nodeAt index: Int) {
    guard let policy, let rules = try? PolicyText.autoApprovers(in: policy.text) else { return }
    let node = nodes[index]
    let owner = node.isTagged ? nil : user(node.userID)
    let wanted = node.availableRoutes.filter { route in
      !node.approvedRoutes.contains(route) && rules.approve(route, of: node, owner: owner)
    }
    guard !wanted.isEmpty else { return }
    nodes[index].approvedRoutes = sortedRoutes(node.approvedRoutes + wanted)
  }
}

/// The `autoApprovers` of a policy.
struct AutoApprovers: Sendable, Equatable {
  /// Who may have a route approved: users (`alice@`), groups and tags, by prefix.
  var routes: [(prefix: IPPrefix, approvers: [String])] = []
  var exitNode: [String] = []
  /// Members by group.
  var groups: [String: [String]] = [:]

  static func == (left: AutoApprovers, right: AutoApprovers) -> Bool {
    left.exitNode == right.exitNode && left.groups == right.groups
      && left.routes.elementsEqual(right.routes) { $0 == $1 }
  }

  /// A prefix stands for all its parts; tagged nodes match by tag only (#2891).
  func approve(_ route: String, of node: ServerNode, owner: ServerUser?) -> Bool {
    if IPPrefix.exitRoutes.contains(route) {
      return exitNode.contains { matches($0, node, owner) }
    }
    guard let prefix = try? IPPrefix.parse(route) else { return false }
    return routes.contains { rule in
      rule.prefix.overlaps(prefix) && rule.prefix.length <= prefix.length
        && rule.approvers.contains { matches($0, node, owner) }
    }
  }

  private func matches(_ approver: String, _ node: ServerNode, _ owner: ServerUser?) -> Bool {
    if approver.hasPrefix("tag:") { return node.tags.contains(approver) }
    guard let owner else { return false }
    // Groups hold users, never groups.
    return (groups[approver] ?? [approver]).contains {
      $0 == owner.name + "@" || $0 == owner.name || ($0 == owner.email && !owner.email.isEmpty)
    }
  }
}

extension PolicyText {
  /// The `autoApprovers` of a policy; empty where there are none.
  static func autoApprovers(in text: String) throws(Problem) -> AutoApprovers {
    let root = try document(text)
    var result = AutoApprovers()
    for group in root["groups"]?.members ?? [] {
      result.groups[group.name] = (group.value.elements ?? []).compactMap(\.text)
    }
    guard let rules = root["autoApprovers"], rules != .null else { return result }
    result.exitNode = (rules["exitNode"]?.elements ?? []).compactMap(\.text)
    for route in rules["routes"]?.members ?? [] {
      guard let prefix = try? IPPrefix.parse(route.name) else {
        throw Problem(message: "autoApprovers: \"\(route.name)\" is no prefix")
      }
      result.routes.append((prefix, (route.value.elements ?? []).compactMap(\.text)))
    }
    return result
  }
}
