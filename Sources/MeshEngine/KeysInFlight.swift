import MeshCore

/// The pre-auth keys of one run: minted one per host when its turn comes, expired when not used.
actor KeysInFlight {
  private struct Holder: Hashable {
    var host: String
    var slot: SecretSlot
  }

  private let control: any ControlPlane
  private let ledger: any KeyLedger
  private var keys: [Holder: MintedKey] = [:]

  init(control: any ControlPlane, ledger: any KeyLedger) {
    self.control = control
    self.ledger = ledger
  }

  func mint(_ request: KeyRequest, into slot: SecretSlot, host: String) async throws {
    let key = try await control.createPreAuthKey(request)
    keys[Holder(host: host, slot: slot)] = key
    try await ledger.add(keyID: key.id)
  }

  func secrets(for call: RemoteCall, host: String) -> [SecretSlot: Secret] {
    var secrets: [SecretSlot: Secret] = [:]
    for file in call.secretFiles {
      secrets[file.slot] = keys[Holder(host: host, slot: file.slot)]?.key
    }
    return secrets
  }

  /// The key did its work; it is single-use, so nothing is left to expire.
  func used(_ slot: SecretSlot, host: String) async throws {
    guard let key = keys.removeValue(forKey: Holder(host: host, slot: slot)) else { return }
    try await ledger.remove(keyID: key.id)
  }

  func expire(_ slot: SecretSlot, host: String) async throws {
    let holder = Holder(host: host, slot: slot)
    guard let key = keys[holder] else { return }
    try await control.expirePreAuthKey(id: key.id)
    keys[holder] = nil
    try await ledger.remove(keyID: key.id)
  }

  /// Expires everything that is left; returns what could not be expired, by key id.
  func expireAll() async -> [String: any Error] {
    var failures: [String: any Error] = [:]
    for (holder, key) in keys {
      do { try await expire(holder.slot, host: holder.host) } catch { failures[key.id] = error }
    }
    return failures
  }
}
