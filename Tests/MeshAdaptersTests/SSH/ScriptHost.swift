import Foundation
import MeshCore

/// A machine for scripts that change one: the system's folders lead into a folder of the test, and the
/// programs that it has are fakes that behave like the real ones (`FakePrograms`).
struct ScriptHost {
  let root: URL

  /// A machine with no client; `systemd` says whether that runs there.
  init(systemd: Bool = true) throws {
    root = FileManager.default.temporaryDirectory.appending(path: "meshctl-host-\(UUID())")
    for folder in ["bin", "etc", "run", "var", "usr/bin", "usr/sbin", "mirror", "templates"] {
      try FileManager.default.createDirectory(
        at: root.appending(path: folder), withIntermediateDirectories: true)
    }
    if systemd { try write("run/systemd/system/here", "") }
    try write("log", "")
    try program("sleep", "#!/bin/sh\nexec /bin/sleep 0.02\n")
    for (name, text) in FakePrograms.always { try program(name, text) }
    if systemd { try program("systemctl", FakePrograms.systemctl) }
  }

  func remove() { try? FileManager.default.removeItem(at: root) }

  /// Paths without a leading slash, inside the machine.
  func write(_ path: String, _ text: String, mode: Int = 0o644) throws {
    try write(path, bytes: Array(text.utf8), mode: mode)
  }

  func write(_ path: String, bytes: [UInt8], mode: Int = 0o644) throws {
    let file = root.appending(path: path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
  }

  /// A program on PATH; `@ROOT@` in it is the machine's folder.
  func program(_ name: String, _ text: String) throws {
    try write("bin/\(name)", text.replacing("@ROOT@", with: root.path), mode: 0o755)
  }

  func read(_ path: String) -> String? {
    try? String(contentsOf: root.appending(path: path), encoding: .utf8)
  }

  func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: root.appending(path: path).path)
  }

  /// What the fakes noted, one command a line.
  var log: String { read("log") ?? "" }

  /// Puts a client of that version onto the machine; `daemon` is the version that runs, if any.
  func install(_ version: String, daemon: String? = nil) throws {
    try client(version, "usr/bin/tailscale")
    try write("usr/sbin/tailscaled", "#!/bin/sh\n# \(version)\n", mode: 0o755)
    if let daemon { try write("run/daemon", daemon) }
  }

  func client(_ version: String, _ path: String) throws {
    let text = FakePrograms.client.replacing("@VERSION@", with: version)
      .replacing("@ROOT@", with: root.path)
    try write(path, text, mode: 0o755)
  }

  /// What a package of that version would bring, for the fake managers.
  func offer(_ versions: String...) throws {
    for version in versions { try client(version, "templates/\(version)") }
    try write("offered", versions.joined(separator: "\n") + "\n")
  }

  /// The vendor's archive of that version in the mirror, with its checksum beside it.
  /// `answer` is what the client inside answers, where that is another.
  func archive(_ version: String, answering answer: String? = nil) async throws {
    let name = "tailscale_\(version)_amd64"
    try client(answer ?? version, "tree/\(name)/tailscale")
    try write("tree/\(name)/tailscaled", "#!/bin/sh\n# \(version)\n", mode: 0o755)
    try write("tree/\(name)/systemd/tailscaled.service", "[Service]\nExecStart=x $FLAGS\n")
    try write("tree/\(name)/systemd/tailscaled.defaults", "PORT=\"41641\"\nFLAGS=\"\"\n")
    let made = try await ShellRun.output(
      ["bash"],
      """
      cd '\(root.path)' && tar -C tree -czf 'mirror/\(name).tgz' '\(name)' &&
      sha256sum <'mirror/\(name).tgz' | cut -d ' ' -f 1 >'mirror/\(name).tgz.sha256' && echo made
      """)
    guard made == "made\n" else { throw CocoaError(.fileWriteUnknown) }
    try write(
      "mirror/index.html",
      #"{"Version":"9.9.9","TarballsVersion":"\#(version)","Tarballs":{"amd64":"\#(name).tgz"}}"#)
  }

  /// The script as it is sent, with the system's folders replaced by this machine's.
  func text(of call: RemoteCall, mark: String = "m") throws -> String {
    let whole = try ScriptRendering.standardInput(of: call, mark: mark).reveal()
    let pattern =
      #"(?<![A-Za-z0-9_.}"-])/(etc|run|var|dev/net|usr/(share|bin|sbin|lib/apt)|proc/sys)(?=/)"#
    let expression = try NSRegularExpression(pattern: pattern)
    // The prelude names folders of PATH.
    let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard !line.hasPrefix("PATH="), !line.hasPrefix("#!") else { return String(line) }
      let text = String(line)
      return expression.stringByReplacingMatches(
        in: text, range: NSRange(text.startIndex..., in: text),
        withTemplate: NSRegularExpression.escapedTemplate(for: root.path) + "$0")
    }
    return lines.joined(separator: "\n")
  }

  var path: String {
    ["bin", "usr/bin", "usr/sbin"].map { root.appending(path: $0).path }.joined(separator: ":")
  }

  func run(_ call: RemoteCall, in shell: [String]) async throws -> ScriptReport {
    let output = try await ShellRun.output(shell, try text(of: call), path: path)
    return ScriptReport(parsing: output, mark: "m")
  }
}
