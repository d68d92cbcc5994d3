import ArgumentParser
import MeshAdapters
import MeshCore

/// What `meshctl bootstrap` was asked for, with the keys read.
struct BootstrapSource {
  let command: BootstrapCommand
  let app: App

  func request() throws -> BootstrapRequest {
    let host = try named()
    let files = PublicKeyFiles(environment: app.environment)
    let reading: PublicKeyFiles.Reading
    if !command.authorizedKeys.isEmpty {
      reading = try files.read(command.authorizedKeys)
    } else if let host {
      reading = try files.keys(for: host)
    } else {
      reading = try files.standard()
    }
    app.show(reading.warnings)
    try say(reading)
    return BootstrapRequest(
      os: command.os, keys: reading.keys, user: host?.ssh.user, port: command.port,
      remoteAddress: try command.prefix())
  }

  private func named() throws -> Host? {
    guard let name = command.host else { return nil }
    let inventory = try load()
    guard let host = inventory.hosts.first(where: { $0.key == name }) else {
      throw Failure(
        .selUnknown, "\(command.inventory) has no host \(name)",
        hint: "meshctl validate \(command.inventory) checks the file")
    }
    guard host.os == command.os else {
      throw Failure(
        .targetOSDiffers, "\(name) is a \(host.os.rawValue) host, not \(command.os.rawValue)",
        hint: "meshctl bootstrap \(host.os.rawValue) --host \(name)")
    }
    return host
  }

  /// The inventory is an option here, so a missing one is named otherwise than elsewhere.
  private func load() throws -> Inventory {
    do { return try app.loadInventory(command.inventory) } catch let failure as Failure
      where failure.diagnostic.code == .fileUnreadable
    {
      let finding = failure.diagnostic
      throw Failure(
        finding.code, finding.message, detail: finding.detail, evidence: finding.evidence,
        hint: "name it with --inventory path/to/inventory.yaml")
    }
  }

  /// Whoever is let in is said before anything is carried anywhere.
  private func say(_ reading: PublicKeyFiles.Reading) throws {
    let there = try command.out.map { try BundleFolder($0).others(than: reading.keys) } ?? 0
    app.console.log(
      "Lets in \(Count.of(reading.keys.keys.count, "public key"))"
        + (there == 0 ? ":" : " and \(there) that were there:"))
    for key in reading.keys.keys {
      let comment = key.comment.isEmpty ? "" : "  " + VisibleText.escaped(key.comment, limit: 80)
      app.console.log("  \(key.type) …\(key.blob.suffix(12))\(comment)")
    }
    app.console.log(
      "  from " + reading.files.map { VisibleText.escaped($0) }.joined(separator: ", "))
  }
}

extension BootstrapCommand {
  func prefix() throws -> IPPrefix? {
    guard let remoteAddress else { return nil }
    do { return try IPPrefix.parse(remoteAddress) } catch .hostBits(let right) {
      throw ValidationError("--remote-address has host bits; write \(right.description).")
    } catch {
      throw ValidationError("--remote-address has to be a network such as 10.0.0.0/24.")
    }
  }

  func write(
    _ files: [BootstrapBundle.File], _ command: String, _ out: String, _ app: App
  ) throws {
    let words: [BundleFolder.Result: String] = [
      .written: "written", .same: "as it was", .added: "keys added", .replaced: "overwritten",
    ]
    let folder = VisibleText.escaped(out)
    for (name, result) in try BundleFolder(out).write(files, force: force) {
      try app.console.write("\(folder)/\(name)  \(words[result] ?? "")\n")
    }
    let how = os == .windows ? "in PowerShell as administrator: " : ""
    app.console.log("Carry the folder to the machine and run there, inside it: \(how)\(command)")
    guard os == .windows else { return }
    app.console.log("dockur/windows: mount it at /oem, and setup runs install.bat itself.")
  }
}
