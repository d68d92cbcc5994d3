#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Reads `tailscale debug prefs` (reference tailscale-client.md §2.3).
///
/// A debug command without promise of stability: every field may be missing or null and then keeps
/// the client's default on Linux.
package enum PrefsParser {
  /// Nil where the text is no preferences object.
  package static func parse(_ text: String) -> ReportedPreferences? {
    guard let wire = try? JSONDecoder().decode(Wire.self, from: JSONText.object(in: text)),
      wire.ControlURL != nil || wire.WantRunning != nil
    else { return nil }
    var prefs = ReportedPreferences()
    prefs.controlURL = wire.ControlURL ?? ""
    prefs.hostname = wire.Hostname ?? ""
    prefs.acceptRoutes = wire.RouteAll ?? false
    prefs.acceptDNS = wire.CorpDNS ?? true
    prefs.tailscaleSSH = wire.RunSSH ?? false
    prefs.shieldsUp = wire.ShieldsUp ?? false
    prefs.operatorUser = wire.OperatorUser ?? ""
    prefs.advertiseRoutes = (wire.AdvertiseRoutes ?? []).map(IPPrefix.canonical)
    prefs.advertiseTags = wire.AdvertiseTags ?? []
    prefs.wantRunning = wire.WantRunning ?? false
    prefs.loggedOut = wire.LoggedOut ?? false
    prefs.exitNodeID = wire.ExitNodeID ?? ""
    prefs.exitNodeIP = wire.ExitNodeIP ?? ""
    prefs.exitNodeAllowLANAccess = wire.ExitNodeAllowLANAccess ?? false
    prefs.noSNAT = wire.NoSNAT ?? false
    // An unset optional boolean means "no stateful filtering" since 1.66.2.
    prefs.noStatefulFiltering = wire.NoStatefulFiltering?.value ?? true
    prefs.netfilterMode = wire.NetfilterMode ?? 2
    prefs.runWebClient = wire.RunWebClient ?? false
    prefs.autoUpdateCheck = wire.AutoUpdate?.Check ?? true
    prefs.autoUpdateApply = wire.AutoUpdate?.Apply?.value
    prefs.profileName = wire.ProfileName ?? ""
    prefs.postureChecking = wire.PostureChecking ?? false
    prefs.advertiseConnector = wire.AppConnector?.Advertise ?? false
    prefs.relayServerPort = wire.RelayServerPort
    prefs.advertiseServices = wire.AdvertiseServices ?? []
    return prefs
  }

  private struct Wire: Decodable {
    var ControlURL: String?
    var RouteAll: Bool?
    var ExitNodeID: String?
    var ExitNodeIP: String?
    var ExitNodeAllowLANAccess: Bool?
    var CorpDNS: Bool?
    var RunSSH: Bool?
    var RunWebClient: Bool?
    var WantRunning: Bool?
    var LoggedOut: Bool?
    var ShieldsUp: Bool?
    var AdvertiseTags: [String]?
    var Hostname: String?
    var AdvertiseRoutes: [String]?
    var AdvertiseServices: [String]?
    var NoSNAT: Bool?
    var NoStatefulFiltering: OptionalFlag?
    var NetfilterMode: Int?
    var OperatorUser: String?
    var ProfileName: String?
    var PostureChecking: Bool?
    var RelayServerPort: Int?
    var AutoUpdate: Updates?
    var AppConnector: Connector?

    struct Updates: Decodable {
      var Check: Bool?
      var Apply: OptionalFlag?
    }
    struct Connector: Decodable { var Advertise: Bool? }
  }

  /// The client's `opt.Bool`: true, false or unset, written as a boolean or as text by version.
  private struct OptionalFlag: Decodable {
    var value: Bool?

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let flag = try? container.decode(Bool.self) {
        value = flag
      } else if let text = try? container.decode(String.self) {
        value = text == "true" ? true : text == "false" ? false : nil
      }
    }
  }
}
