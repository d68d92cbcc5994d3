/// What only a Windows host tells (reference tailscale-client.md §3).
package struct WindowsFacts: Sendable, Equatable {
  /// Another program that makes a virtual network.
  package struct OtherVPN: Sendable, Equatable {
    package var name: String
    /// True where it holds a default route that beats the real network's.
    package var cutsLAN: Bool

    package init(name: String, cutsLAN: Bool) {
      self.name = name
      self.cutsLAN = cutsLAN
    }
  }

  /// `Windows 11 Pro`.
  package var product = ""
  /// `10.0.22631.3007`.
  package var build = ""
  /// Security identifier of the user who probed.
  package var userSID = ""
  /// `Running Automatic`: state and start type of the SSH service.
  package var sshService = ""
  /// Who is logged on at the screen or by remote desktop; empty where nobody is.
  package var loggedOn: [String] = []
  /// Users whose Tailscale window runs.
  package var guiOwners: [String] = []
  /// The user that the client belongs to, as its state says; nil where that is not known.
  package var owner: String?
  /// Why the client was not asked for its status; nil where it was.
  package var notAsked: String?
  /// `LoginURL` of the policy, which silently beats `--login-server`.
  package var policyLoginURL: String?
  /// `UnattendedMode` of the policy.
  package var policyUnattended: String?
  /// True where the policy forces the client on.
  package var alwaysOn = false
  /// The other policies that take a preference out of anybody's hands, by name.
  package var policies: [String: String] = [:]
  package var otherVPNs: [OtherVPN] = []
  package var hasWinget = false
  package var rebootPending = false

  package init() {}
}
