import MeshCore

extension [MeshNode] {
  /// What a list lacks that every Headscale's has, in words; nil where it lacks nothing.
  ///
  /// A list with blank keys or names would be planned as a list of other nodes, and one in which an id
  /// stands twice does not say which node is changed or deleted by it. Saved lists may lack keys, an
  /// answer of a server never does.
  var lack: String? {
    var ids: Set<String> = []
    for node in self {
      if node.machineKey.isEmpty { return "node \(node.id) has no machine key" }
      if node.nodeKey.isEmpty { return "node \(node.id) has no node key" }
      if node.givenName.isEmpty { return "node \(node.id) has no given name" }
      if !ids.insert(node.id).inserted { return "two nodes have the id \(node.id)" }
    }
    return nil
  }
}
