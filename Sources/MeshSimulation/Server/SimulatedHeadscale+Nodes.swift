package import MeshCore

extension SimulatedHeadscale {
  /// Sets the given name; unique over the server.
  package mutating func rename(
    node id: Int, to name: String, now: Timestamp
  ) throws(SimulatedServerError) -> NodeView {
    if let problem = rules.renameProblem(name) { throw .unknown("renaming node: \(problem)") }
    let index = try storedIndex(id)
    guard !nodes.contains(where: { $0.id != id && $0.givenName == name }) else {
      throw .unknown("node name is not unique: \(name)")
    }
    nodes[index].givenName = name
    return view(of: nodes[index], now: now)
  }

  /// Replaces the tags; a user's node becomes tagged for good, its expiry stays (#3048).
  package mutating func setTags(
    node id: Int, tags: [String], now: Timestamp
  ) throws(SimulatedServerError) -> NodeView {
    guard let index = index(ofNode: id) else { throw .notFound("node not found") }
    guard !tags.isEmpty else {
      throw .invalidArgument(
        "cannot remove all tags from a node - tagged nodes must have at least one tag")
    }
    for tag in tags { if let problem = tagProblem(tag) { throw .unknown(problem) } }
    let owners = policy.flatMap { try? PolicyText.tagOwners(in: $0.text) } ?? []
    let refused = tags.filter { !owners.contains($0) }
    guard refused.isEmpty else {
      throw .invalidArgument(
        "requested tags [\(refused.joined(separator: " "))] are invalid or not permitted")
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
      if let problem = prefixProblem(route) { throw .unknown("parsing route: \(problem)") }
    }
    guard let index = index(ofNode: id) else {
      throw .invalidArgument("node no longer exists in NodeStore: \(id)")
    }
    let wantsExit = routes.contains { IPPrefix.exitRoutes.contains($0) }
    nodes[index].approvedRoutes = sortedRoutes(routes + (wantsExit ? IPPrefix.exitRoutes : []))
    var view = view(of: nodes[index], now: now)
    view.subnetRoutes = primaryRoutes(now: now)[id] ?? []
    return view
  }

  /// Expires the node's key now, at an instant, or never again.
  package mutating func expire(
    node id: Int, at expiry: Timestamp? = nil, disable: Bool = false, now: Timestamp
  ) throws(SimulatedServerError) -> NodeView {
    let disable = disable && rules.supportsDisableExpiry
    guard !(disable && expiry != nil) else {
      throw .invalidArgument("cannot set both disable_expiry and expiry")
    }
    let index = try storedIndex(id)
    nodes[index].expiry = disable ? nil : expiry ?? now
    return view(of: nodes[index], now: now)
  }

  package mutating func delete(node id: Int) throws(SimulatedServerError) {
    guard let index = index(ofNode: id) else { throw .notFound("node not found") }
    nodes.remove(at: index)
  }

  private func storedIndex(_ id: Int) throws(SimulatedServerError) -> Int {
    guard let index = index(ofNode: id) else {
      throw .unknown("node no longer exists in NodeStore: \(id)")
    }
    return index
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
