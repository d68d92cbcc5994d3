import MeshCore

/// A Tailscale client's preferences, as far as `up` and `set` change them.
package struct SimulatedPreferences: Sendable, Equatable, Codable {
  package var controlURL = ""
  package var hostname = ""
  package var acceptRoutes = false
  package var acceptDNS = true
  package var ssh = false
  package var shieldsUp = false
  package var operatorUser = ""
  package var advertiseRoutes: [String] = []
  package var advertiseTags: [String] = []
  package var exitNodeIP = ""
  package var exitNodeAllowLANAccess = false
  package var snatSubnetRoutes = true
  package var statefulFiltering = false
  /// 0 off, 1 nodivert, 2 on.
  package var netfilterMode = 2
  package var webClient = false
  package var autoUpdateCheck = true
  package var autoUpdateApply: Bool?
  package var wantRunning = false
  package var loggedOut = true

  package init() {}

  /// What `tailscale debug prefs` prints, keys in the client's order (recorded from 1.102.3).
  func json(userName: String, nodeID: Int?) -> JSONValue {
    let zeros = String(repeating: "0", count: 64)
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ value: JSONValue) { members.append(.init(name, value)) }
    add("ControlURL", .string(controlURL))
    add("RouteAll", .bool(acceptRoutes))
    add("ExitNodeID", "")
    add("ExitNodeIP", .string(exitNodeIP))
    add("InternalExitNodePrior", "")
    add("ExitNodeAllowLANAccess", .bool(exitNodeAllowLANAccess))
    add("CorpDNS", .bool(acceptDNS))
    add("RunSSH", .bool(ssh))
    add("RunWebClient", .bool(webClient))
    add("WantRunning", .bool(wantRunning))
    add("LoggedOut", .bool(loggedOut))
    add("ShieldsUp", .bool(shieldsUp))
    add("AdvertiseTags", .strings(advertiseTags, nullWhenEmpty: true))
    add("Hostname", .string(hostname))
    add("NotepadURLs", false)
    add("AdvertiseRoutes", .strings(advertiseRoutes, nullWhenEmpty: true))
    add("AdvertiseServices", nil)
    add("Sync", nil)
    add("NoSNAT", .bool(!snatSubnetRoutes))
    add("NoStatefulFiltering", .bool(!statefulFiltering))
    add("NetfilterMode", .int(netfilterMode))
    if !operatorUser.isEmpty { add("OperatorUser", .string(operatorUser)) }
    add(
      "AutoUpdate",
      ["Check": .bool(autoUpdateCheck), "Apply": autoUpdateApply.map { .bool($0) } ?? .null])
    add("AppConnector", ["Advertise": false])
    add("PostureChecking", false)
    add("NetfilterKind", "")
    add("RemoteConfig", false)
    add("DriveShares", nil)
    let profile: JSONValue = [
      "ID": .int(nodeID == nil ? 0 : 1), "LoginName": .string(userName),
      "DisplayName": .string(userName),
    ]
    add(
      "Config",
      [
        "PrivateNodeKey": .string("privkey:" + zeros),
        "OldPrivateNodeKey": .string("privkey:" + zeros), "UserProfile": profile,
        "NetworkLockKey": .string("nlpriv:" + zeros + zeros),
        "NodeID": .string(nodeID.map(String.init) ?? ""),
      ])
    return .object(members)
  }
}
