/// Who runs meshctl, as the machine knows them.
package struct RunAuthor: Codable, Sendable, Equatable {
  package var user: String
  package var uid: UInt32
  /// The machine that meshctl runs on.
  package var host: String
  /// Who called sudo, as `SUDO_USER` says; a hint, since anybody may set a variable.
  package var sudoUser: String?
  package var pid: Int32

  package init(user: String, uid: UInt32, host: String, sudoUser: String? = nil, pid: Int32) {
    self.user = user
    self.uid = uid
    self.host = host
    self.sudoUser = sudoUser
    self.pid = pid
  }
}

/// What tells one run from all others, the same in every place that it leaves a trace.
package struct RunIdentity: Sendable, Equatable {
  /// Random, 12 hexadecimal digits.
  package var id: String
  package var author: RunAuthor
  package var meshctl: String
  /// What the hosts join: the inventory's `server.url`.
  package var mesh: String
  /// `I/N` where only a part of the hosts is worked on.
  package var shard: String?
  package var inventory: String
  package var startedAt: Timestamp

  package init(
    id: String, author: RunAuthor, meshctl: String = MeshctlVersion.current, mesh: String,
    shard: String? = nil, inventory: String, startedAt: Timestamp
  ) {
    self.id = id
    self.author = author
    self.meshctl = meshctl
    self.mesh = mesh
    self.shard = shard
    self.inventory = inventory
    self.startedAt = startedAt
  }

  /// The name of a run that has this random number.
  package static func id(_ random: UInt64) -> String {
    let digits = String(random & 0xFFFF_FFFF_FFFF, radix: 16)
    return String(repeating: "0", count: 12 - digits.count) + digits
  }
}
