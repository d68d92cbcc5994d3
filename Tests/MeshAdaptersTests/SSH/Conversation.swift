import MeshCore
import Testing

/// One run of a script on a machine of its own, and how it must end.
struct Conversation: Sendable, CustomTestStringConvertible {
  var testDescription: String
  var call: RemoteCall
  var systemd = true
  /// What is on the machine before.
  var prepare: @Sendable (ScriptHost) async throws -> Void = { _ in }
  /// Nil where it succeeds; else the stage that fails.
  var stage: String?
  /// A part of the evidence.
  var evidence = ""
  /// The client that answers afterwards.
  var version = ""
  /// Files with parts of their text; an empty part: the file is there.
  var files: [String: String] = [:]
  var missing: [String] = []
  /// Parts of the noted commands.
  var log: [String] = []
  /// What must not have been run.
  var notRun: [String] = []

  init(_ name: String, _ call: RemoteCall, systemd: Bool = true) {
    testDescription = name
    self.call = call
    self.systemd = systemd
  }

  /// Changes a copy.
  func with(_ change: (inout Conversation) -> Void) -> Conversation {
    var copy = self
    change(&copy)
    return copy
  }

  func check(in shell: [String]) async throws {
    let host = try ScriptHost(systemd: systemd)
    defer { host.remove() }
    try await prepare(host)
    let report = try await host.run(call, in: shell)
    let what = Comment(rawValue: "\(testDescription) in \(shell): \(report)\n\(host.log)")
    #expect(report.isComplete, what)
    #expect(report.text("stage") == stage ?? "", what)
    #expect(report.status("stage") == (stage == nil ? 0 : 1), what)
    #expect(evidence.isEmpty || report.text("evidence")?.contains(evidence) == true, what)
    if call.script.installs { #expect(report.text("version") == version, what) }
    for (path, part) in files {
      #expect(part.isEmpty ? host.exists(path) : host.read(path)?.contains(part) == true, what)
    }
    for path in missing { #expect(!host.exists(path), "\(path) of \(testDescription)") }
    for part in log { #expect(host.log.contains(part), what) }
    for part in notRun { #expect(!host.log.contains(part), what) }
  }
}
