package import MeshCore

extension SimulatedHeadscale {
  /// Sets the given name; unique over the server.
  package mutating func rename(
    node id: Int, to name: String, now: Timestamp
  ) throws(SimulatedServerError) -> NodeView {
    let purpose = "renaming node"
    if let problem = rules.naming.renameProblem(name) {
      throw refusal(
        .unknown("\(purpose): \(problem)"), problem: 400, purpose,
        "given name is not a valid DNS label: \(problem)")
    }
    guard let index = index(ofNode: id) else { throw noNode(id, for: .rename) }
    guard !nodes.contains(where: { $0.id != id && $0.givenName == name }) else {
      let taken = "\(rules.nameTakenMessage): \(name)"
      throw refusal(.unknown(taken), problem: 400, purpose, taken)
    }
    nodes[index].givenName = name
    return view(of: nodes[index], now: now)
  }

  /// Replaces the tags; a user's node becomes tagged for good, its expiry stays (#3048).
  package mutating func setTags(
    node id: Int, tags: [String], now: Timestamp
  ) throws(SimulatedServerError) -> NodeView {
    let purpose = "setting tags"
    let index = index(ofNode: id)
    // 0.30 looks at the tags before it looks for the node.
    if index == nil, rules.generation == .gateway { throw noNode(id, for: .setTags) }
    if rules.tagsAreIdentity, tags.isEmpty {
      let message = "cannot remove all tags from a node - tagged nodes must have at least one tag"
      throw refusal(.invalidArgument(message), problem: 400, message)
    }
    for tag in tags {
      if let problem = tagProblem(tag) {
        throw refusal(.unknown(problem), problem: 400, purpose, problem)
      }
    }
    guard let index else { throw noNode(id, for: .setTags) }
    if rules.tagsAreIdentity {
      let owners = policy.flatMap { try? PolicyText.tagOwners(in: $0.text) } ?? []
      let refused = tags.filter { !owners.contains($0) }
      guard refused.isEmpty else {
        let message =
          "requested tags [\(refused.joined(separator: " "))] are invalid or not permitted"
        throw refusal(.invalidArgument(message), problem: 400, purpose, message)
      }
    }
    nodes[index].tags = Set(tags).sorted()
    if !rules.keepsCreatorOfTaggedNodes { nodes[index].userID = nil }
    return view(of: nodes[index], now: now)
  }

  /// Replaces the approved routes; either default route stands for both.
  package mutating func approveRoutes(
    node id: Int, routes: [String], now: Timestamp
  ) throws(SimulatedServerError) -> NodeView {
    for route in routes {
      if let problem = prefixProblem(route) {
        throw refusal(
          .unknown("parsing route: \(problem)"), problem: 400, "parsing route", problem)
      }
    }
    guard let index = index(ofNode: id) else { throw noNode(id, for: .approveRoutes) }
    let wantsExit = routes.contains { IPPrefix.exitRoutes.contains($0) }
    nodes[index].approvedRoutes = sortedRoutes(routes + (wantsExit ? IPPrefix.exitRoutes : []))
    var view = view(of: nodes[index], now: now)
    view.subnetRoutes = primaryRoutes(now: now)[id] ?? []
    return view
  }

  /// Expires the node's key now, at an instant, or never again.
  ///
  /// Versions that cannot do one of these ignore the wish, as their gateway does.
  package mutating func expire(
    node id: Int, at expiry: Timestamp? = nil, disable: Bool = false, now: Timestamp
  ) throws(SimulatedServerError) -> NodeView {
    let disable = disable && rules.supportsDisableExpiry
    let expiry = rules.supportsExpiryInstant ? expiry : nil
    guard !(disable && expiry != nil) else {
      let message = "cannot set both disable_expiry and expiry"
      throw refusal(.invalidArgument(message), problem: 400, message)
    }
    guard let index = index(ofNode: id) else { throw noNode(id, for: .expire) }
    setExpiry(disable ? nil : expiry ?? now, ofNodeAt: index)
    return view(of: nodes[index], now: now)
  }

  /// Sets an expiry that 0.27 and 0.28 forget when they restart (#3279).
  mutating func setExpiry(_ expiry: Timestamp?, ofNodeAt index: Int) {
    if !rules.savesExpiry, nodes[index].savedExpiry == nil {
      nodes[index].savedExpiry = ServerNode.SavedExpiry(at: nodes[index].expiry)
    }
    nodes[index].expiry = expiry
  }

  /// Deletes a node; its client is not told and keeps its session (#3410).
  package mutating func delete(node id: Int) throws(SimulatedServerError) {
    guard let index = index(ofNode: id) else { throw noNode(id, for: .delete) }
    nodes.remove(at: index)
  }

  /// What is wrong with the form of a tag.
  func tagProblem(_ tag: String) -> String? {
    if !tag.hasPrefix("tag:") { return "tag must start with the string 'tag:'" }
    if tag.lowercased() != tag { return "tag should be lowercase" }
    if tag.contains(where: \.isWhitespace) { return rules.tagSpaceMessage }
    return nil
  }

  /// The words of Go's `netip.ParsePrefix`; host bits are accepted, as there.
  private func prefixProblem(_ text: String) -> String? {
    let start = "netip.ParsePrefix(\"\(text)\"): "
    guard let slash = text.lastIndex(of: "/") else { return start + "no '/'" }
    let address = text[..<slash]
    guard let bytes = IPPrefix.addressBytes(address) else {
      return start + "ParseAddr(\"\(address)\"): unable to parse IP"
    }
    guard let length = Int(text[text.index(after: slash)...]), length >= 0 else {
      return start + "bad bits after slash: \"\(text[text.index(after: slash)...])\""
    }
    return length <= bytes.count * 8 ? nil : start + "prefix length out of range"
  }
}
