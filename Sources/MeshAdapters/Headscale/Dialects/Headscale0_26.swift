extension HeadscaleDialect {
  /// 0.26 and 0.27: forced and valid tags, keys by user id; for reading only.
  static let headscale0_26 = HeadscaleDialect(
    name: "0.26", support: .readOnly, taggedKeyNeedsUser: true)
}
