package import MeshCore
package import MeshEngine

/// A control plane made of closures; what a test does not set is unimplemented.
package struct FakeControlPlane: ControlPlane {
  package var onIdentify: @Sendable () async throws -> ServerIdentity = {
    throw Unimplemented.call("identify")
  }
  package var onNodes: @Sendable () async throws -> NodeList = {
    throw Unimplemented.call("nodes")
  }
  package var onUsers: @Sendable () async throws -> [MeshUser] = {
    throw Unimplemented.call("users")
  }
  package var onPolicy: @Sendable () async throws -> PolicyState = {
    throw Unimplemented.call("policy")
  }
  package var onCreateUser: @Sendable (String) async throws -> Void = {
    throw Unimplemented.call("createUser(\($0))")
  }
  package var onCreateKey: @Sendable (KeyRequest) async throws -> MintedKey = { _ in
    throw Unimplemented.call("createPreAuthKey")
  }
  package var onExpireUnused: @Sendable (Timestamp) async throws -> Void = {
    throw Unimplemented.call("expireUnusedKeys(\($0.rfc3339))")
  }
  package var onExpireKey: @Sendable (String) async throws -> Void = {
    throw Unimplemented.call("expirePreAuthKey(\($0))")
  }
  package var onSetTags: @Sendable (String, [String]) async throws -> Void = {
    throw Unimplemented.call("setTags(\($0), \($1))")
  }
  package var onApproveRoutes: @Sendable (String, [String]) async throws -> Void = {
    throw Unimplemented.call("approveRoutes(\($0), \($1))")
  }
  package var onRename: @Sendable (String, String) async throws -> Void = {
    throw Unimplemented.call("rename(\($0), \($1))")
  }
  package var onDisableExpiry: @Sendable (String) async throws -> Void = {
    throw Unimplemented.call("disableExpiry(\($0))")
  }
  package var onDeleteNode: @Sendable (String) async throws -> Void = {
    throw Unimplemented.call("deleteNode(\($0))")
  }

  package init() {}

  /// Passes every call on; a test then changes single ones.
  package init(over real: any ControlPlane) {
    onIdentify = { try await real.identify() }
    onNodes = { try await real.nodes() }
    onUsers = { try await real.users() }
    onPolicy = { try await real.policy() }
    onCreateUser = { try await real.createUser(name: $0) }
    onCreateKey = { try await real.createPreAuthKey($0) }
    onExpireUnused = { try await real.expireUnusedKeys(expiringAt: $0) }
    onExpireKey = { try await real.expirePreAuthKey(id: $0) }
    onSetTags = { try await real.setTags(nodeID: $0, tags: $1) }
    onApproveRoutes = { try await real.approveRoutes(nodeID: $0, routes: $1) }
    onRename = { try await real.rename(nodeID: $0, to: $1) }
    onDisableExpiry = { try await real.disableExpiry(nodeID: $0) }
    onDeleteNode = { try await real.deleteNode(id: $0) }
  }

  package func identify() async throws -> ServerIdentity { try await onIdentify() }
  package func nodes() async throws -> NodeList { try await onNodes() }
  package func users() async throws -> [MeshUser] { try await onUsers() }
  package func policy() async throws -> PolicyState { try await onPolicy() }
  package func createUser(name: String) async throws { try await onCreateUser(name) }
  package func createPreAuthKey(
    _ request: KeyRequest, announce: @Sendable (Timestamp) async throws -> Void
  ) async throws -> MintedKey {
    try await onCreateKey(request)
  }
  package func expireUnusedKeys(expiringAt expiration: Timestamp) async throws {
    try await onExpireUnused(expiration)
  }
  package func expirePreAuthKey(id: String) async throws { try await onExpireKey(id) }
  package func setTags(nodeID: String, tags: [String]) async throws {
    try await onSetTags(nodeID, tags)
  }
  package func approveRoutes(nodeID: String, routes: [String]) async throws {
    try await onApproveRoutes(nodeID, routes)
  }
  package func rename(nodeID: String, to name: String) async throws {
    try await onRename(nodeID, name)
  }
  package func disableExpiry(nodeID: String) async throws { try await onDisableExpiry(nodeID) }
  package func deleteNode(id: String) async throws { try await onDeleteNode(id) }
}
