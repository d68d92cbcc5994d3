package import MeshCore
package import MeshEngine
import Testing

/// What a fake does with a call that the test did not expect: it fails the test and names the call.
package enum Unimplemented {
  /// Records a test issue.
  package static func call(_ name: String) -> Failure {
    Issue.record("unexpected call: \(name)")
    return Failure(DiagnosticCode(rawValue: "MESH-TEST-UNIMPLEMENTED"), "unexpected call: \(name)")
  }
}

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

  package init() {}

  package func identify() async throws -> ServerIdentity { try await onIdentify() }
  package func nodes() async throws -> NodeList { try await onNodes() }
  package func users() async throws -> [MeshUser] { try await onUsers() }
  package func policy() async throws -> PolicyState { try await onPolicy() }
  package func createUser(name: String) async throws { try await onCreateUser(name) }
  package func createPreAuthKey(_ request: KeyRequest) async throws -> MintedKey {
    try await onCreateKey(request)
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
}

/// Hosts made of closures; what a test does not set is unimplemented.
package struct FakeHosts: HostActing {
  package var onProbe: @Sendable (Host) async -> ProbeResult = {
    .failed(Unimplemented.call("probe(\($0.key))").diagnostic)
  }
  package var onRun: @Sendable (RemoteCall, Host) async throws -> RemoteAnswer = {
    throw Unimplemented.call("run(\($0.script.rawValue), on: \($1.key))")
  }
  package var onSecrets: @Sendable ([SecretSlot: Secret]) -> Void = { _ in }
  package var onClose: @Sendable () async -> Void = {}

  package init() {}

  package func probe(_ host: Host) async -> ProbeResult { await onProbe(host) }
  package func run(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], elevation: Elevation, on host: Host
  ) async throws -> RemoteAnswer {
    onSecrets(secrets)
    return try await onRun(call, host)
  }
  package func close() async { await onClose() }
}

/// A key ledger made of closures; what a test does not set is unimplemented.
package struct FakeLedger: KeyLedger {
  package var onAdd: @Sendable (String) async throws -> Void = {
    throw Unimplemented.call("ledger.add(\($0))")
  }
  package var onRemove: @Sendable (String) async throws -> Void = {
    throw Unimplemented.call("ledger.remove(\($0))")
  }
  package var onLeftOver: @Sendable () async throws -> [String] = {
    throw Unimplemented.call("ledger.leftOver")
  }

  package init() {}

  package func add(keyID: String) async throws { try await onAdd(keyID) }
  package func remove(keyID: String) async throws { try await onRemove(keyID) }
  package func leftOver() async throws -> [String] { try await onLeftOver() }
}

/// Become passwords from a closure; unimplemented by default.
package struct FakePasswords: PasswordSource {
  package var onPassword: @Sendable (Host) async throws -> Secret? = {
    throw Unimplemented.call("becomePassword(\($0.key))")
  }

  package init() {}

  package func becomePassword(for host: Host) async throws -> Secret? { try await onPassword(host) }
}

extension Ports {
  /// Ports of which a test uses only what it sets.
  package static func unimplemented(
    control: any ControlPlane = FakeControlPlane(), hosts: any HostActing = FakeHosts(),
    events: any EventSink = RecordingEvents(), keys: any KeyLedger = FakeLedger(),
    passwords: any PasswordSource = FakePasswords(), clock: any EngineClock = ManualClock()
  ) -> Ports {
    Ports(
      control: control, hosts: hosts, events: events, keys: keys, passwords: passwords,
      clock: clock)
  }
}
