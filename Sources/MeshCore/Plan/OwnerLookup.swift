/// Resolves an inventory's `owner` against the server's users.
package struct OwnerLookup: Sendable {
  package enum Result: Sendable, Equatable {
    case user(MeshUser)
    /// No user fits; `creatable` is false for an email, which only a login can bring.
    case missing(creatable: Bool)
    case ambiguous([MeshUser])
    /// The source of the observation has no users.
    case unknown
  }

  private let users: [MeshUser]?
  private let byName: [String: [MeshUser]]
  /// By the lower-case address.
  private let byEmail: [String: [MeshUser]]

  package init(users: [MeshUser]?) {
    // Findings name users in one order, however the server lists them.
    let users = users?.sorted { ($0.id.utf8.count, $0.id) < ($1.id.utf8.count, $1.id) }
    self.users = users
    byName = Dictionary(grouping: users ?? [], by: \.name)
    byEmail = Dictionary(grouping: (users ?? []).filter { !$0.email.isEmpty }) {
      $0.email.lowercased()
    }
  }

  /// Name first, then email (reference headscale-api.md §8, #2333: OIDC users may have no name).
  package func find(_ owner: String) -> Result {
    guard users != nil else { return .unknown }
    let named = byName[owner] ?? []
    if named.count == 1 { return .user(named[0]) }
    if named.count > 1 { return .ambiguous(named) }
    let mailed = byEmail[owner.lowercased()] ?? []
    if mailed.count == 1 { return .user(mailed[0]) }
    if mailed.count > 1 { return .ambiguous(mailed) }
    return .missing(creatable: !owner.contains("@"))
  }

  /// The server's only user, for joins that declare no owner.
  package var onlyUser: MeshUser? {
    guard let users, users.count == 1 else { return nil }
    return users[0]
  }

  package var isKnown: Bool { users != nil }
}
