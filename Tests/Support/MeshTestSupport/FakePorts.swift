package import MeshCore
package import MeshEngine

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

  /// Announcements matter to the tests of law 3 and 7 only; those use a real ledger.
  package func announce(_ expiration: Timestamp) async throws {}
  package func withdraw(_ expiration: Timestamp) async throws {}
  package func announcedBefore() async throws -> [Timestamp] { [] }
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

/// Names by their addresses; others do not resolve.
package struct FakeNames: NameResolving {
  package var addresses: [String: [String]]

  package init(_ addresses: [String: [String]] = [:]) { self.addresses = addresses }

  package func addresses(of name: String) async -> [String] { addresses[name] ?? [] }
}

/// Enables SSH by a closure; unimplemented by default.
package struct FakeBootstrap: SSHBootstrapping {
  package var onDeliver: @Sendable (EnableSSHStep.Way, Host) async throws -> String = {
    throw Unimplemented.call("deliver(\($0), to: \($1.key))")
  }

  package init() {}

  package func deliver(_ way: EnableSSHStep.Way, to host: Host) async throws -> String {
    try await onDeliver(way, host)
  }
}

extension Ports {
  /// Ports of which a test uses only what it sets.
  package static func unimplemented(
    control: any ControlPlane = FakeControlPlane(), hosts: any HostActing = FakeHosts(),
    events: any EventSink = RecordingEvents(), keys: any KeyLedger = FakeLedger(),
    passwords: any PasswordSource = FakePasswords(),
    bootstrap: any SSHBootstrapping = FakeBootstrap(), clock: any EngineClock = ManualClock(),
    names: any NameResolving = FakeNames()
  ) -> Ports {
    Ports(
      control: control, hosts: hosts, events: events, keys: keys, passwords: passwords,
      bootstrap: bootstrap, clock: clock, names: names)
  }
}
