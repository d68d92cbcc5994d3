/// The embedded scripts (`Target/Scripts`), linted as files of their own.
enum ScriptText {
  /// Stands in front of every script: sections, limits, clean-up.
  static let prelude = text(PackageResources.prelude_sh)

  static func of(_ name: ScriptName) -> String {
    switch name {
    case .probe: text(PackageResources.probe_sh)
    case .elevate: text(PackageResources.elevate_sh)
    case .checkServer: text(PackageResources.check_server_sh)
    case .installApt: text(PackageResources.install_apt_sh)
    case .startService: text(PackageResources.start_service_sh)
    case .join: text(PackageResources.join_sh)
    case .setPreferences: text(PackageResources.set_preferences_sh)
    case .clearKey: text(PackageResources.clear_key_sh)
    case .leave: text(PackageResources.leave_sh)
    }
  }

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
