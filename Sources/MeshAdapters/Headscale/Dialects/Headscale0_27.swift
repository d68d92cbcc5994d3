extension HeadscaleDialect {
  /// 0.27, for reading only: as 0.26, with `/version` and hostnames in lower case.
  static let headscale0_27 = HeadscaleDialect(
    name: "0.27", support: .readOnly, taggedKeyNeedsUser: true, canDisableExpiry: false)
}
