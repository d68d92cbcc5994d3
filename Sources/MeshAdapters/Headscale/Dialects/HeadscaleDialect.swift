package import MeshCore

/// How one range of Headscale versions wants to be spoken to.
///
/// A new version that differs gets a file of its own in this folder and a line in `select`. What all
/// supported versions share (paths, most bodies, both kinds of error bodies) is in
/// `HeadscaleRequests` and in the wire types, which tell shapes apart by themselves.
package struct HeadscaleDialect: Sendable {
  /// What may be done with a server of this range.
  package enum Support: Sendable, Equatable {
    case full
    /// Plan, status and import only.
    case readOnly
    /// Newer than what meshctl was tested with; everything is tried.
    case untested
  }

  /// The range in words: `0.29`.
  package var name: String
  package var support: Support
  /// True where a key with tags but without a user makes a duplicate of a node that joins again
  /// (reference headscale-api.md §5.2).
  package var taggedKeyNeedsUser: Bool

  /// True where a node's expiry can be turned off.
  package var canDisableExpiry: Bool

  package init(
    name: String, support: Support, taggedKeyNeedsUser: Bool, canDisableExpiry: Bool
  ) {
    self.name = name
    self.support = support
    self.taggedKeyNeedsUser = taggedKeyNeedsUser
    self.canDisableExpiry = canDisableExpiry
  }

  /// The oldest version that can be read: older ones have no `approve_routes` and address users by
  /// name (reference headscale-api.md §1.10).
  package static let oldestReadable = HeadscaleVersion(0, 26)

  /// Chooses the dialect of a version.
  ///
  /// - Throws: `Failure` for versions below 0.26.
  package static func select(version: HeadscaleVersion) throws(Failure) -> HeadscaleDialect {
    if version < oldestReadable {
      throw Failure(
        .apiVersionTooOld, "Headscale \(version) is too old for meshctl",
        detail: "Its API lacks the calls meshctl needs; 0.26 is the oldest that can be read.",
        hint: "upgrade Headscale to 0.28 or newer, one minor version at a time")
    }
    switch (version.major, version.minor) {
    case (0, 26): return headscale0_26
    case (0, 27): return headscale0_27
    case (0, 28): return headscale0_28
    case (0, 29): return headscale0_29
    case (0, 30): return headscale0_30
    default: return newer
    }
  }

  /// Refuses a write where this version can only be read.
  func requireWrites(_ version: HeadscaleVersion) throws(Failure) {
    guard support == .readOnly else { return }
    throw Failure(
      .apiVersionReadOnly, "Headscale \(version) can be read by meshctl but not changed",
      detail: "Its tags and pre-auth keys work differently from 0.28 on.",
      hint: "upgrade to 0.28 or newer, one minor version at a time; plan works already")
  }

  /// A warning for versions that were not tested.
  func notice(_ version: HeadscaleVersion) -> Diagnostic? {
    guard support == .untested else { return nil }
    return Diagnostic(
      .apiVersionUntested, .warning,
      "Headscale \(version) is newer than what meshctl was tested with (0.28, 0.29, 0.30)",
      detail: "It is spoken to as \(name).",
      hint: "look at the plan closely before applying, or use a newer meshctl")
  }
}
