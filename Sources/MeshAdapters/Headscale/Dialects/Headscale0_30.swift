extension HeadscaleDialect {
  /// 0.30: problem documents as errors, bodies checked strictly, expiry by the body of the call, and
  /// the REST API on the unix socket (reference headscale-api.md §1.9).
  ///
  /// `HeadscaleRequests` sends what both 0.29 and 0.30 accept, and error bodies are decoded in both
  /// spellings.
  static let headscale0_30 = HeadscaleDialect(
    name: "0.30", support: .full, taggedKeyNeedsUser: false, canDisableExpiry: true)

  /// Whatever follows: spoken to as 0.30, with a warning.
  static var newer: HeadscaleDialect {
    var dialect = headscale0_30
    dialect.support = .untested
    return dialect
  }
}
