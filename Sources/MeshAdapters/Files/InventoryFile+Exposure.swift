import Foundation
import MeshCore

extension InventoryFile {
  /// Warnings where others may change the inventory, or read a file that it names for a secret.
  ///
  /// Looks at modes only; no secret is read.
  ///
  /// - Parameters:
  ///   - path: of the inventory.
  ///   - inventory: nil where it has errors.
  /// - Returns: the warnings, the inventory's own first.
  static func exposures(_ path: String, _ inventory: Inventory?) -> [Diagnostic] {
    var findings: [Diagnostic] = []
    if let mode = FilePermissions.writableByOthers(path) {
      findings.append(
        Diagnostic(
          .fileOthersWrite, .warning, "others may change \(path)",
          detail: "It decides which machines get keys, and which programs run here.",
          evidence: mode, hint: "chmod go-w \(ShellQuoting.quoted(path))"))
    }
    guard let inventory else { return findings }
    let environment = ProcessInfo.processInfo.environment
    let home = environment["HOME"]
    var seen: Set<String> = []
    for (source, purpose) in secrets(of: inventory, environment) {
      guard case .file(let name) = source else { continue }
      let place = SecretReader.place(name, folder: folder(of: path), home: home)
      guard seen.insert(place).inserted, let mode = FilePermissions.readableByOthers(place) else {
        continue
      }
      findings.append(
        Diagnostic(
          .secretPermissions, .warning, "others may read \(place)",
          detail: "It holds \(purpose).", evidence: mode,
          hint: "chmod 600 \(ShellQuoting.quoted(place))"))
    }
    return findings
  }

  private static func secrets(
    of inventory: Inventory, _ environment: [String: String]
  ) -> [(SecretSource, String)] {
    let named = environment[APIAccess.keyFileVariable].flatMap { $0.hasPrefix("/") ? $0 : nil }
    let key = inventory.server.api.key ?? named.map(SecretSource.file)
    return (key.map { [($0, "the API key")] } ?? [])
      + inventory.hosts.compactMap { host in
        host.become.password.map { ($0, "the become password of \(host.key)") }
      }
  }
}
