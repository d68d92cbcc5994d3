/// How the client gets onto one host: which script, with which parameters.
package struct InstallPlan: Sendable, Equatable {
  /// Where the vendor publishes; a mirror has the same layout.
  package static let vendorMirror = "https://pkgs.tailscale.com/stable"

  /// One whose `installs` is true.
  package var script: ScriptName
  /// All of the script's parameters, `VERSION` among them.
  package var parameters: [RemoteCall.Parameter]
  package var version: ClientInstallation.Version
  /// Where the client comes from, for messages: `apt from https://…/debian bookworm`.
  package var words: String

  package init(
    _ script: ScriptName, _ parameters: [RemoteCall.Parameter],
    version: ClientInstallation.Version, words: String
  ) {
    self.script = script
    self.parameters =
      parameters + [RemoteCall.Parameter("VERSION", InstallPlan.text(of: version))]
    self.version = version
    self.words = words
  }

  /// Chooses by the system that the inventory names and by what the probe read there.
  ///
  /// - Throws: `Failure` (`MESH-INSTALL-UNSUPPORTED`) where meshctl cannot install.
  package static func choose(for host: Host, facts: HostFacts) throws(Failure) -> InstallPlan {
    switch host.os {
    case .linux: try linux(host, facts)
    case .windows: try windows(host, facts)
    case .macos: try macos(host, facts)
    }
  }

  /// The `VERSION` parameter: `present`, `latest` or `x.y.z`.
  package static func text(of version: ClientInstallation.Version) -> String {
    switch version {
    case .present: "present"
    case .latest: "latest"
    case .pinned(let version): version
    }
  }

  /// Base URL of the vendor or of the host's mirror, without a final slash.
  static func mirror(of host: Host) -> String {
    var mirror = host.tailscale.mirror ?? vendorMirror
    while mirror.hasSuffix("/") { mirror.removeLast() }
    return mirror
  }

  static func unsupported(
    _ host: Host, _ what: String, _ detail: String, hint: String? = nil
  ) -> Failure {
    Failure(
      .installUnsupported, "\(what) is not supported", detail: detail,
      hint: hint ?? "install tailscale on \(host.key) by hand, then run meshctl again",
      host: host.key)
  }
}
