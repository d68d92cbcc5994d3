/// The PowerShell scripts: `NAME.ps1` for the name of each `NAME.sh`, and what stands around them.
extension ScriptText {
  /// Reads what standard input brings; see `PowerShellRendering`.
  static let bootstrap = text(PackageResources.bootstrap_ps1)

  /// Stands in front of every script.
  static let windowsPrelude =
    text(PackageResources.prelude_ps1) + "\n" + text(PackageResources.prelude_client_ps1)

  static func windows(_ name: ScriptName) -> String? {
    switch name {
    case .probe: text(PackageResources.probe_ps1)
    case .verify: text(PackageResources.verify_ps1)
    case .checkSource: text(PackageResources.check_source_ps1)
    case .elevate: text(PackageResources.elevate_ps1)
    case .checkServer: text(PackageResources.check_server_ps1)
    case .installWindows: text(PackageResources.install_windows_ps1)
    case .configureHost: text(PackageResources.configure_host_ps1)
    case .startService: text(PackageResources.start_service_ps1)
    case .join: text(PackageResources.join_ps1)
    case .setPreferences: text(PackageResources.set_preferences_ps1)
    case .clearKey: text(PackageResources.clear_key_ps1)
    case .leave: text(PackageResources.leave_ps1)
    case .handOver: text(PackageResources.hand_over_ps1)
    case .takeBack: text(PackageResources.take_back_ps1)
    default: nil
    }
  }

  /// Files that a script writes on the host, as further parameters of it.
  static func attachments(of name: ScriptName) -> [RemoteCall.Parameter] {
    guard name == .handOver else { return [] }
    return [
      RemoteCall.Parameter("JOIN_SCRIPT", text(PackageResources.join_mesh_ps1)),
      RemoteCall.Parameter("LAUNCHER", text(PackageResources.join_mesh_launcher_ps1)),
    ]
  }
}
