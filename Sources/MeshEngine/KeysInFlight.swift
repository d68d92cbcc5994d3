package import MeshCore

/// The pre-auth keys of one run: minted one per host when its turn comes, expired when not used.
///
/// A key's id stands in the ledger before the key is used and until it is used or expired (design
/// law 7).
package actor KeysInFlight {
  /// How far the key of a host has come.
  package enum Stage: Sendable {
    /// Nothing is to clean up: none was minted, or it did its work, or it was expired.
    case none
    /// It exists on the server only.
    case minted
    /// The host may have it.
    case handedOut
  }

  private struct Holder: Hashable {
    var host: String
    var slot: SecretSlot
  }

  private let control: any ControlPlane
  private let ledger: any KeyLedger
  private let report: Report
  private var keys: [Holder: MintedKey] = [:]
  private var handedOut: Set<Holder> = []
  private var unanswered: [Announced] = []

  /// Told of every key that was minted or expired, and of the host that it was for.
  package typealias Report = @Sendable (Event.SideEffect, String?) async -> Void

  package init(
    control: any ControlPlane, ledger: any KeyLedger, report: @escaping Report = { _, _ in }
  ) {
    self.control = control
    self.ledger = ledger
    self.report = report
  }

  /// Mints a key; where its id cannot be written down the key is not to be used, but can be expired.
  package func mint(_ request: KeyRequest, into slot: SecretSlot, host: String) async throws {
    // Written down before the server is asked: a kill right after the answer would lose the id.
    // It stays there where the answer never comes, and is looked for at the end and by the next run.
    let announced = Announced(ledger)
    unanswered.append(announced)
    let key = try await control.createPreAuthKey(request) { try await announced.write($0) }
    keys[Holder(host: host, slot: slot)] = key
    await report(.keyMinted(id: key.id), host)
    try await ledger.add(keyID: key.id)
    try await announced.erase()
  }

  /// The keys that a call needs; from now on the host may have them.
  package func secrets(for call: RemoteCall, host: String) -> [SecretSlot: Secret] {
    var secrets: [SecretSlot: Secret] = [:]
    for file in call.secretFiles {
      let holder = Holder(host: host, slot: file.slot)
      guard let key = keys[holder] else { continue }
      secrets[file.slot] = key.key
      handedOut.insert(holder)
    }
    return secrets
  }

  /// The call with id and end of the key that it leaves on the host; others as they are.
  func described(_ call: RemoteCall, host: String) -> RemoteCall {
    guard call.secretFiles.contains(where: { $0.slot == .waitingKey }),
      let key = keys[Holder(host: host, slot: .waitingKey)]
    else { return call }
    return call.describing(keyID: key.id, expires: key.expiration)
  }

  /// How far the key of a host has come.
  package func stage(of host: String) -> Stage {
    guard keys.keys.contains(where: { $0.host == host }) else { return .none }
    return handedOut.contains { $0.host == host } ? .handedOut : .minted
  }

  /// The key did its work; it is single-use, so nothing is left to expire.
  package func used(_ slot: SecretSlot, host: String) async throws {
    guard let key = forget(Holder(host: host, slot: slot)) else { return }
    try await ledger.remove(keyID: key.id)
  }

  /// Expires the key of a slot; nothing where there is none.
  package func expire(_ slot: SecretSlot, host: String) async throws {
    let holder = Holder(host: host, slot: slot)
    guard let key = keys[holder] else { return }
    try await control.expirePreAuthKey(id: key.id)
    await report(.keyExpired(id: key.id), host)
    forget(holder)
    try await ledger.remove(keyID: key.id)
  }

  /// Expires everything that is left; returns what could not be expired, by key id.
  package func expireAll() async -> [String: any Error] {
    var failures: [String: any Error] = [:]
    for announced in unanswered {
      guard let expiration = await announced.expiration else { continue }
      do {
        try await control.expireUnusedKeys(expiringAt: expiration)
        await report(.keysExpired(expiring: expiration), nil)
        try await announced.erase()
      } catch {
        failures["of \(expiration.rfc3339)"] = error
      }
    }
    await withTaskGroup(of: (String, (any Error)?).self) { group in
      for (holder, key) in keys {
        group.addTask {
          do {
            try await self.expire(holder.slot, host: holder.host)
            return (key.id, nil)
          } catch {
            return (key.id, error)
          }
        }
      }
      for await (id, error) in group { failures[id] = error }
    }
    return failures
  }

  @discardableResult
  private func forget(_ holder: Holder) -> MintedKey? {
    handedOut.remove(holder)
    return keys.removeValue(forKey: holder)
  }
}

/// The expiration of one key that is about to be made, while it stands in the ledger.
private actor Announced {
  private let ledger: any KeyLedger
  /// Nil before it is written and after it is erased.
  private(set) var expiration: Timestamp?

  init(_ ledger: any KeyLedger) { self.ledger = ledger }

  func write(_ expiration: Timestamp) async throws {
    try await ledger.announce(expiration)
    self.expiration = expiration
  }

  func erase() async throws {
    guard let expiration else { return }
    try await ledger.withdraw(expiration)
    self.expiration = nil
  }
}
