package import MeshCore

extension SimulatedHeadscale {
  /// Which users to list: exact matches on stored columns, all without one.
  package enum UserFilter: Sendable {
    case all
    case name(String)
    case email(String)
    case id(Int)
  }

  package func listUsers(_ filter: UserFilter = .all) -> [ServerUser] {
    users.filter { user in
      switch filter {
      case .all: true
      case .name(let name): user.name == name
      case .email(let email): user.email == email
      case .id(let id): user.id == id
      }
    }
  }

  /// Creates a local user; any name is taken, even an empty one (seen on 0.28.0 and 0.29.2), but not
  /// on 0.26.
  package mutating func createUser(
    name: String, displayName: String = "", email: String = "", pictureURL: String = "",
    now: Timestamp
  ) throws(SimulatedServerError) -> ServerUser {
    if rules.checksUserNames, let problem = userNameProblem(name) { throw .unknown(problem) }
    if rules.generation == .problems, !name.isEmpty, users.contains(where: { $0.name == name }) {
      throw .problem(409, "user already exists")
    }
    guard !users.contains(where: { $0.name == name && $0.provider.isEmpty }) else {
      let cause = "creating user: constraint failed: UNIQUE constraint failed: users.name (2067)"
      throw refusal(rules.duplicateUser, problem: 500, "creating user", cause)
    }
    lastIDs.user += 1
    var user = ServerUser(id: lastIDs.user, name: name, createdAt: now)
    user.displayName = displayName
    user.email = email
    user.pictureURL = pictureURL
    users.append(user)
    return user
  }

  package mutating func renameUser(
    _ id: Int, to name: String
  ) throws(SimulatedServerError) -> ServerUser {
    let purpose = "renaming user"
    guard let index = users.firstIndex(where: { $0.id == id }) else {
      throw noUser(to: purpose)
    }
    if let problem = userNameProblem(name) {
      throw refusal(.unknown(problem), problem: 500, purpose, problem)
    }
    guard users[index].provider != "oidc" else {
      let problem = "cannot edit OIDC user"
      throw refusal(.unknown(problem), problem: 400, purpose, problem)
    }
    guard !users.contains(where: { $0.id != id && $0.name == name }) else {
      let problem = "constraint failed: UNIQUE constraint failed: users.name (2067)"
      throw refusal(.unknown(problem), problem: 500, purpose, problem)
    }
    users[index].name = name
    return users[index]
  }

  package mutating func deleteUser(_ id: Int) throws(SimulatedServerError) {
    let purpose = "deleting user"
    guard let index = users.firstIndex(where: { $0.id == id }) else { throw noUser(to: purpose) }
    guard !nodes.contains(where: { $0.userID == id }) else {
      let problem = "user not empty: node(s) found"
      throw refusal(.unknown(problem), problem: 400, purpose, problem)
    }
    users.remove(at: index)
    let dropsAll = rules.userDeletionDropsAllKeys
    dropKeys { dropsAll || $0.userID == id }
  }

  private func userNameProblem(_ name: String) -> String? {
    guard name.count >= 2 else { return "username must be at least 2 characters long" }
    guard name.first?.isLetter == true else { return "username must start with a letter" }
    if let wrong = name.first(where: { !($0.isLetter || $0.isNumber || "-._@".contains($0)) }) {
      return "username contains invalid character: '\(wrong)'"
    }
    return name.filter { $0 == "@" }.count > 1 ? "username cannot contain more than one '@'" : nil
  }
}
