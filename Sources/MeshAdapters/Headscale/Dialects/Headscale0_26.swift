extension HeadscaleDialect {
  /// 0.26, for reading only: forced and valid tags, keys by user id, no `/version`.
  static let headscale0_26 = HeadscaleDialect(
    name: "0.26", support: .readOnly, taggedKeyNeedsUser: true, canDisableExpiry: false)
}
