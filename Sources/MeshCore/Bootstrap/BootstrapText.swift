/// The embedded files that enable SSH (`Bootstrap/Files`), linted as files of their own.
enum BootstrapText {
  /// Stands in front of both POSIX scripts: words, options, keys.
  static let prelude = text(PackageResources.enable_ssh_prelude_sh)
  static let linux = text(PackageResources.enable_ssh_linux_sh)
  static let macos = text(PackageResources.enable_ssh_macos_sh)
  static let windowsServer = text(PackageResources.enable_ssh_ps1)
  static let windowsKeys = text(PackageResources.setup_ssh_key_ps1)
  static let installBatch = text(PackageResources.install_bat)
  static let answerFile = text(PackageResources.autounattend_fragment_xml)

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
