extension HeadscaleDialect {
  /// 0.28: tags are identity; a tagged key must name the user that made the node before, or a node
  /// that joins again is duplicated (reference headscale-api.md §5.2, §6).
  static let headscale0_28 = HeadscaleDialect(
    name: "0.28", support: .full, taggedKeyNeedsUser: true, canDisableExpiry: false)
}
