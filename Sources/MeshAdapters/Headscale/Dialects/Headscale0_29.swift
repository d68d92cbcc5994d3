extension HeadscaleDialect {
  /// 0.29: keys of tagged hosts have no user (a user's key would re-register under that user), and
  /// the expiry of a node can be turned off, by the query of the call.
  static let headscale0_29 = HeadscaleDialect(
    name: "0.29", support: .full, taggedKeyNeedsUser: false, canDisableExpiry: true)
}
