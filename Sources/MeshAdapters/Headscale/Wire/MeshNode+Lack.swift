import MeshCore

extension [MeshNode] {
  /// What a node lacks that every Headscale writes for every node, in words; nil where none does.
  ///
  /// A list with blank keys or names would be planned as a list of other nodes. Saved lists may lack
  /// them, an answer of a server never does.
  var lack: String? {
    for node in self {
      if node.machineKey.isEmpty { return "node \(node.id) has no machine key" }
      if node.nodeKey.isEmpty { return "node \(node.id) has no node key" }
      if node.givenName.isEmpty { return "node \(node.id) has no given name" }
    }
    return nil
  }
}
