import MeshCore

extension HeadscaleDialect {
  /// 0.29: keys of tagged hosts have no user; a user's key would re-register under that user.
  static let headscale0_29 = HeadscaleDialect(
    name: "0.29", support: .full, taggedKeyNeedsUser: false)

  /// 0.30 and whatever follows: the same calls as 0.29 with other error bodies, which are decoded
  /// for every version (reference headscale-api.md §1.9).
  static func newer(_ version: HeadscaleVersion) -> HeadscaleDialect {
    var dialect = headscale0_29
    dialect.support = .untested
    return dialect
  }
}
