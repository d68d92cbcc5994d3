import Foundation
import Subprocess
import Testing

/// A run of meshctl that has not ended yet.
struct RunningMeshctl: Sendable {
  let pid: Int32
  /// Where its output goes, without `.out` and `.err`.
  let capture: String

  var output: String { text(".out") }
  var error: String { text(".err") }

  func wait(for words: String, within seconds: Double = 60) async throws {
    let came = try await eventually(within: seconds) {
      output.contains(words) || error.contains(words)
    }
    try #require(came, "meshctl never said \(words): \(output)\n\(error)")
  }

  func send(_ signal: Processes.Signal) throws { try Processes.send(signal, to: pid) }

  private func text(_ ending: String) -> String {
    // Nothing written yet is no text yet.
    (try? String(contentsOfFile: capture + ending, encoding: .utf8)) ?? ""
  }
}

extension Lab {
  /// Runs meshctl with an inventory, in a world of its own: HOME, state, /tmp, ~/.ssh and /etc/hosts are
  /// the lab's, so that nothing of this machine's user plays a part and everything it leaves can be found.
  ///
  /// While it runs, the command line and environment of every process are looked at for secrets. Its
  /// output is kept, for the search at the end.
  ///
  /// The environment is the least that meshctl needs and what is given; standard input is the terminal,
  /// else empty. `meanwhile` is run beside it. `file` is given instead of the inventory: a saved plan.
  func meshctl(
    _ verb: String, _ inventory: LabInventory, _ arguments: String..., file: String? = nil,
    environment: [String: String] = [:], terminal: Terminal? = nil,
    meanwhile: (RunningMeshctl) async throws -> Void = { _ in }
  ) async throws -> Ending {
    let path = try inventory.written(in: self)
    let capture = nextCapture()
    var variables: [Environment.Key: String] = [
      "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
      "HOME": work("home"), "XDG_STATE_HOME": work("state"),
    ]
    for (name, value) in environment { variables[Environment.Key(stringLiteral: name)] = value }
    var options = PlatformOptions()
    options.createSession = true
    options.teardownSequence = [
      .gracefulShutDown(toProcessGroup: true, allowedDurationToNextStep: .seconds(5))
    ]
    let result = try await run(
      .name("unshare"),
      arguments: Arguments(
        [
          "--mount", "--", "/bin/sh", "-c", Lab.wrapper, "sh", work(""), NSHomeDirectory(),
          terminal?.path ?? "/dev/null", capture, programs.meshctl, verb,
        ] + (Lab.takesHosts.contains(verb) ? ["--inventory", path] : [file ?? path]) + arguments),
      environment: .custom(variables), platformOptions: options, input: .none,
      output: .string(limit: 1 << 16), error: .string(limit: 1 << 16)
    ) { execution in
      let sampler = SecretSampler(
        secrets: [password, server.key], meshctl: execution.processIdentifier.value)
      sampler.start()
      defer { sampler.stop() }
      try await meanwhile(
        RunningMeshctl(pid: execution.processIdentifier.value, capture: capture))
      await sampler.untilMeshctlEnds()
      return sampler.stop()
    }
    for finding in result.closureResult.findings { Issue.record("\(finding)") }
    #expect(result.closureResult.rounds > 0, "nobody looked at the processes")
    let wrapper = result.standardError
    try #require(wrapper.isEmpty, "the wrapper failed: \(wrapper)")
    func text(_ ending: String) throws -> String {
      try String(contentsOfFile: capture + ending, encoding: .utf8)
    }
    return Ending(
      exit: result.terminationStatus.shellStatus, output: try text(".out"),
      error: try text(".err"))
  }

  /// Verbs whose plain arguments are hosts.
  private static let takesHosts: Set = ["prepare", "doctor"]

  /// `exec` all the way, so that the process that was started becomes meshctl.
  private static let wrapper = """
    set -e
    mkdir -p "$2/.ssh"
    mount --bind "$1/tmp" /tmp
    mount --bind "$1/ssh" "$2/.ssh"
    mount --bind "$1/files/hosts" /etc/hosts
    input=$3 capture=$4
    shift 4
    exec "$@" <"$input" >"$capture.out" 2>"$capture.err"
    """

  /// Processes that runs of meshctl left: they carry the HOME that only those have.
  func leftProcesses() -> [String] { leftPids.map { "\($0) \(Processes.commandLine($0))" } }

  var leftPids: [Int32] {
    let home = "HOME=\(work("home"))\0"
    return Processes.all().filter { Processes.environment($0).contains(home) }
  }

  /// Ends and removes what a killed run could not: ssh masters, which live for another minute, and the
  /// folder of their sockets.
  func sweep() throws {
    for pid in leftPids {
      // One that has ended meanwhile is what we want.
      try? Processes.send(.kill, to: pid)
    }
    for name in try leftFiles() { try FileManager.default.removeItem(atPath: work("tmp/\(name)")) }
  }

  /// What runs of meshctl left in their /tmp.
  func leftFiles() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: work("tmp"))
  }
}
