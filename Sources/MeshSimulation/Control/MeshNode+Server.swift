import MeshCore

extension ServerUser {
  /// The user as the adapter reads it from the list; a missing name falls back as the server does.
  var meshUser: MeshUser {
    MeshUser(
      id: String(id), name: shownName, email: email, displayName: displayName, provider: provider)
  }

  /// The name, else email, provider id, id (0.28 on).
  package var shownName: String {
    [name, email, providerID].first { !$0.isEmpty } ?? String(id)
  }
}

extension NodeView {
  /// The node as the adapter reads it from the list.
  var meshNode: MeshNode {
    var result = MeshNode(
      id: String(node.id), machineKey: node.machineKey, nodeKey: node.nodeKey,
      hostname: node.hostname, givenName: node.givenName)
    result.user = node.isTagged ? nil : user?.meshUser
    result.tags = node.tags
    result.ipAddresses = node.ipAddresses
    result.approvedRoutes = node.approvedRoutes
    result.availableRoutes = node.availableRoutes
    result.subnetRoutes = subnetRoutes
    result.online = online
    result.lastSeen = node.lastSeen
    result.expiry = node.expiry.flatMap { $0.isZeroTime ? nil : $0 }
    result.createdAt = node.createdAt
    return result
  }
}
