/// The embedded scripts (`Target/Scripts`), linted as files of their own.
///
/// One name, one contract (docs/scripts.md), one file per system that needs its own: `join.sh` serves
/// Linux and macOS, `join-macos.sh` would serve macOS alone, `join.ps1` serves Windows.
enum ScriptText {
  /// Stands in front of every POSIX script: sections, limits, clean-up.
  static let prelude = text(PackageResources.prelude_sh)

  /// - Returns: nil where no such script exists for that system (yet).
  static func of(_ name: ScriptName, on os: OperatingSystem) -> String? {
    switch os {
    case .linux: posix(name)
    case .macos: posix(name)
    case .windows: windows(name)
    }
  }

  private static func posix(_ name: ScriptName) -> String? {
    switch name {
    case .probe: text(PackageResources.probe_sh)
    case .verify: text(PackageResources.verify_sh)
    case .elevate: text(PackageResources.elevate_sh)
    case .checkServer:
      text(PackageResources.check_server_tools_sh) + text(PackageResources.check_server_sh)
    case .installApt: text(PackageResources.install_apt_sh)
    case .startService: text(PackageResources.start_service_sh)
    case .join: text(PackageResources.join_sh)
    case .setPreferences: text(PackageResources.set_preferences_sh)
    case .clearKey: text(PackageResources.clear_key_sh)
    case .leave: text(PackageResources.leave_sh)
    case .installWindows, .handOver, .takeBack: nil
    case .prepare: text(PackageResources.prepare_sh)
    case .prepareUndo: text(PackageResources.prepare_undo_sh)
    }
  }

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
