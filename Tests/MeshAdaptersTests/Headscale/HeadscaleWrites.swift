import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

/// One writing method of the control plane, for tests over all of them.
struct HeadscaleWrite: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var call: @Sendable (HeadscaleControl) async throws -> Void

  init(_ name: String, _ call: @escaping @Sendable (HeadscaleControl) async throws -> Void) {
    testDescription = name
    self.call = call
  }

  /// All of them, on node 7 and users that exist.
  static let all = [
    HeadscaleWrite("create user") { try await $0.createUser(name: "bob") },
    HeadscaleWrite("create key") {
      _ = try await $0.createPreAuthKey(KeyRequest(owner: .tags(["tag:a"], keyOwner: nil)))
    },
    HeadscaleWrite("expire key") { try await $0.expirePreAuthKey(id: "4") },
    HeadscaleWrite("set tags") { try await $0.setTags(nodeID: "7", tags: ["tag:b"]) },
    HeadscaleWrite("approve routes") {
      try await $0.approveRoutes(nodeID: "7", routes: ["10.9.0.0/24"])
    },
    HeadscaleWrite("rename") { try await $0.rename(nodeID: "7", to: "new") },
    HeadscaleWrite("disable expiry") { try await $0.disableExpiry(nodeID: "7") },
    HeadscaleWrite("delete node") { try await $0.deleteNode(id: "7") },
  ]
}
