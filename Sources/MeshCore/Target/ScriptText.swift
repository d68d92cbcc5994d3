/// The embedded scripts (`Target/Scripts`), linted as files of their own.
///
/// One name, one contract (docs/scripts.md), one file per system that needs its own: `join.sh` serves
/// Linux and macOS, `join-macos.sh` would serve macOS alone, `join.ps1` serves Windows.
enum ScriptText {
  /// Stands in front of every POSIX script: sections, limits, clean-up.
  static let prelude = text(PackageResources.prelude_sh)

  /// Stands in front of a job that outlives its connection (`RemoteCall.isDetached`).
  static let detach = text(PackageResources.detach_sh)

  private static let client = text(PackageResources.client_common_sh)
  private static let settings = text(PackageResources.host_settings_sh)
  private static let install = client + text(PackageResources.install_common_sh)

  /// - Returns: nil where no such script exists for that system (yet).
  static func of(_ name: ScriptName, on os: OperatingSystem) -> String? {
    switch os {
    case .linux: posix(name)
    case .macos: macos(name)
    case .windows: windows(name)
    }
  }

  /// Mostly the same files; what launchd and Homebrew decide has its own.
  private static func macos(_ name: ScriptName) -> String? {
    let launchd = text(PackageResources.launchd_sh)
    return switch name {
    case .probe: launchd + text(PackageResources.probe_macos_sh)
    case .installBrew: launchd + text(PackageResources.install_brew_sh)
    case .startService: launchd + text(PackageResources.start_service_macos_sh)
    case .clearKey: launchd + text(PackageResources.clear_key_macos_sh)
    case .leave: launchd + text(PackageResources.leave_macos_sh)
    case .configureHost: launchd + text(PackageResources.configure_host_macos_sh)
    case .installApt, .installDNF, .installZypper, .installPacman, .installAPK, .installStatic: nil
    default: posix(name)
    }
  }

  private static func posix(_ name: ScriptName) -> String? {
    switch name {
    case .probe: client + settings + text(PackageResources.probe_sh)
    case .verify: text(PackageResources.verify_sh)
    case .checkSource:
      text(PackageResources.check_server_tools_sh) + text(PackageResources.check_source_sh)
    case .elevate: text(PackageResources.elevate_sh)
    case .checkServer:
      text(PackageResources.check_server_tools_sh) + text(PackageResources.check_server_sh)
    case .installApt: install + text(PackageResources.install_apt_sh)
    case .installDNF: install + text(PackageResources.install_dnf_sh)
    case .installZypper: install + text(PackageResources.install_zypper_sh)
    case .installPacman: install + text(PackageResources.install_pacman_sh)
    case .installAPK: install + text(PackageResources.install_apk_sh)
    case .installStatic: install + text(PackageResources.install_static_sh)
    case .configureHost: client + settings + text(PackageResources.configure_host_sh)
    case .startService: client + text(PackageResources.start_service_sh)
    case .join: text(PackageResources.join_sh)
    case .setPreferences: text(PackageResources.set_preferences_sh)
    case .clearKey: client + text(PackageResources.clear_key_sh)
    case .leave: text(PackageResources.leave_sh)
    case .installWindows, .installBrew, .handOver, .takeBack: nil
    case .prepare: text(PackageResources.prepare_sh)
    case .prepareUndo: text(PackageResources.prepare_undo_sh)
    }
  }

  static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
