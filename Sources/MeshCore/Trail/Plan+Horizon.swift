/// What monitoring wants to know of a plan.
extension Plan {
  /// True where all hosts of the inventory were selected, so that what belongs to nobody shows.
  package var listsEverything: Bool { hosts.count == hostCount }

  /// The next (or the last missed) end of a node key among the nodes of the plan's hosts; nil where
  /// none ever ends.
  ///
  /// Nodes that are no host's do not count: nobody renews them, so they would sound an alarm for ever.
  package func soonestKeyExpiry(among nodes: [MeshNode]) -> Timestamp? {
    let ids = Set(hosts.compactMap(\.node?.id))
    return nodes.lazy.filter { ids.contains($0.id) }.compactMap(\.expiry).min()
  }
}
