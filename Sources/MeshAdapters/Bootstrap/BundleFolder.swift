import Foundation
package import MeshCore

/// A folder that the files of a bundle are put into, without losing what is there.
package struct BundleFolder: Sendable {
  /// What became of one file.
  package enum Result: Sendable, Equatable { case written, added, same, replaced }

  private let path: String

  package init(_ path: String) { self.path = path }

  /// Writes the files; makes the folder where it is missing.
  ///
  /// The one file of keys gets the keys that it lacks. Another file that says something else is never
  /// overwritten unasked; nothing is written then.
  ///
  /// - Parameters:
  ///   - files: of `BootstrapBundle`.
  ///   - force: overwrite what differs (not the keys).
  /// - Returns: what became of each file, in order.
  /// - Throws: `Failure` (`MESH-BOOTSTRAP-FILE-DIFFERS`, `MESH-FILE-…`).
  package func write(
    _ files: [BootstrapBundle.File], force: Bool
  ) throws -> [(name: String, result: Result)] {
    try refuseOwnKeys()
    try makeFolder()
    try requireOwn()
    var work: [(file: BootstrapBundle.File, text: String, result: Result)] = []
    var differing: [String] = []
    for file in files {
      let (text, result) = try planned(file)
      if result == .replaced, !force { differing.append(file.name) }
      work.append((file, text, result))
    }
    guard differing.isEmpty else { throw differs(differing) }
    for one in work {
      let place = path + "/" + one.file.name
      if one.result != .same {
        try BoundedFile.write(one.text, to: place, what: "the file")
      }
      guard !one.file.isExecutable || chmod(place, 0o755) == 0 else {
        throw Failure(.fileUnwritable, "cannot make \(place) executable")
      }
    }
    return work.map { ($0.file.name, $0.result) }
  }

  private func planned(_ file: BootstrapBundle.File) throws -> (text: String, result: Result) {
    let place = path + "/" + file.name
    // A link, dangling or not, would let somebody else choose what is read, or made executable.
    try BoundedFile.requirePlain(place, what: "the file")
    guard BoundedFile.exists(place) else { return (file.text, .written) }
    let bytes = try BoundedFile.read(place, limit: 1 << 20, what: "the file that is there")
    if bytes.elementsEqual(file.text.utf8) { return (file.text, .same) }
    guard file.isKeys else {
      let isOurs = isCalled(file, by: bytes)
      return isOurs ? (file.text, .same) : (file.text, .replaced)
    }
    let keys = try AuthorizedKeys(parsing: file.text, source: file.name)
    let text = try keys.merged(into: valid(bytes, place), source: place)
    return (text, bytes.elementsEqual(text.utf8) ? .same : .added)
  }

  /// How many keys the folder's file lets in besides these.
  ///
  /// - Throws: `Failure` where the file cannot be read, or is not text.
  package func others(than keys: AuthorizedKeys) throws -> Int {
    try refuseOwnKeys()
    let place = path + "/authorized_keys"
    try BoundedFile.requirePlain(place, what: "the file")
    guard BoundedFile.exists(place) else { return 0 }
    let bytes = try BoundedFile.read(place, limit: 1 << 20, what: "the file that is there")
    return keys.others(in: try valid(bytes, place))
  }

  /// Decoding that repairs would change lines which are not ours.
  private func valid(_ bytes: [UInt8], _ place: String) throws(Failure) -> String {
    if let text = String(validating: bytes, as: UTF8.self) { return text }
    throw Failure(
      .bootstrapKeyForm, "\(place) is not UTF-8 text, so no key is added to it",
      detail: "PowerShell 5.1 writes UTF-16 by `>`. Nothing was written.",
      hint: "save it as UTF-8, or name another folder")
  }

  /// A person's own install.bat that calls ours is as good as ours.
  private func isCalled(_ file: BootstrapBundle.File, by bytes: [UInt8]) -> Bool {
    file.name == "install.bat"
      && String(decoding: bytes, as: UTF8.self).lowercased().contains("enable-ssh.ps1")
  }

  /// Files for another machine have no business among the keys that may log in on this one.
  private func refuseOwnKeys() throws(Failure) {
    let place = URL(filePath: path).resolvingSymlinksInPath().standardizedFileURL
    guard place.lastPathComponent == ".ssh" else { return }
    throw Failure(
      .bootstrapFolder, "\(path) holds the keys of this machine",
      detail: "An authorized_keys there would let its keys in here.", hint: "name another folder")
  }

  /// What lies there is run as administrator on the machine.
  private func requireOwn() throws(Failure) {
    guard let mode = FilePermissions.writableByOthers(path) else { return }
    throw Failure(
      .fileForeign, "others may write into \(path)",
      detail: "They could exchange what the machine will run as administrator.", evidence: mode,
      hint: "chmod go-w \(ShellQuoting.quoted(path)), or name another folder")
  }

  private func makeFolder() throws(Failure) {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw Failure(
        .fileUnwritable, "cannot make the folder \(path)",
        evidence: (error as NSError).localizedDescription, hint: "name another folder")
    }
  }

  private func differs(_ names: [String]) -> Failure {
    let batch =
      names == ["install.bat"]
      ? "to keep yours, add to it: powershell.exe -NoProfile -NonInteractive -ExecutionPolicy"
        + " Bypass -File \"%~dp0enable-ssh.ps1\"" : nil
    return Failure(
      .bootstrapFileDiffers,
      "\(path) has \(names.joined(separator: ", ")) already, with another content",
      detail: "Nothing was written; what differs is yours, or of another version of meshctl.",
      hint: batch
        ?? "look at it; `meshctl bootstrap … --out \(ShellQuoting.quoted(path)) --force` overwrites it"
    )
  }
}
