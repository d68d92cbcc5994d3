package import MeshCore
import MeshEngine

/// Ids of keys in flight, kept in memory; hand the same one to the next run to see what it expires.
package actor InMemoryKeyLedger: KeyLedger {
  private var ids: [String]
  private var expirations: [Timestamp] = []

  package init(_ ids: [String] = []) { self.ids = ids }

  package func announce(_ expiration: Timestamp) async { expirations.append(expiration) }
  package func withdraw(_ expiration: Timestamp) async {
    expirations.removeAll { $0 == expiration }
  }
  package func announcedBefore() async -> [Timestamp] { expirations }
  package func add(keyID: String) async { ids.append(keyID) }
  package func remove(keyID: String) async { ids.removeAll { $0 == keyID } }
  package func leftOver() async -> [String] { ids }
}

/// Hosts that do not come to match, kept in memory; hand the same one to the next run.
package actor InMemoryAttempts: AttemptMemory {
  private var attempts: [String: Attempt]

  package init(_ attempts: [String: Attempt] = [:]) { self.attempts = attempts }

  package func recall() async -> [String: Attempt] { attempts }
  package func remember(_ changed: [String: Attempt?]) async {
    for (host, attempt) in changed { attempts[host] = attempt }
  }
}

/// What names mean on the machine that meshctl runs on: the server's addresses, whatever is asked.
package struct SimulatedNames: NameResolving {
  private let known: [String]

  package init(_ world: SimulatedWorld) { known = world.serverAddresses }

  package func addresses(of name: String) async -> [String] { known }
}

/// Become passwords by inventory key; hosts without one have none.
package struct FixedPasswords: PasswordSource {
  private let passwords: [String: Secret]

  package init(_ passwords: [String: Secret] = [:]) { self.passwords = passwords }

  package func becomePassword(for host: Host) async -> Secret? { passwords[host.key] }
}

/// No host has a password: the simulation reads no secret.
package struct NoPasswords: PasswordSource {
  package init() {}

  package func becomePassword(for host: Host) async -> Secret? { nil }
}
