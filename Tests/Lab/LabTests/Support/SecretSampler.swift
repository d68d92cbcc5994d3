import Foundation
import Synchronization

/// Looks at the command line and environment of every process, again and again, while meshctl runs.
final class SecretSampler: Sendable {
  struct Finding: Sendable, CustomStringConvertible {
    var place: String
    var program: String
    var description: String { "a secret stands in the \(place) of \(program)" }
  }

  struct Report: Sendable {
    var findings: [Finding] = []
    var rounds = 0
  }

  private struct State {
    var report = Report()
    var isStopped = false
    var meshctlEnded = false
  }

  private let patterns: SecretPatterns
  private let meshctl: Int32
  private let state = Mutex(State())

  /// The process `meshctl` may have in its environment what the test gave it.
  init(secrets: [String], meshctl: Int32) {
    patterns = SecretPatterns(secrets: secrets)
    self.meshctl = meshctl
  }

  /// A thread of its own: the pool's two threads have the test to run.
  func start() {
    Thread.detachNewThread { [self] in
      // Until the wrapper has become meshctl, its own children carry what the test gave to meshctl.
      while Processes.program(meshctl)?.hasSuffix("/meshctl") != true, isWanted, isAlive {
        usleep(2000)
      }
      while isWanted, isAlive {
        round()
        usleep(15_000)
      }
      state.withLock { $0.meshctlEnded = true }
    }
  }

  private var isWanted: Bool { state.withLock { !$0.isStopped } }
  private var isAlive: Bool { Processes.isAlive(meshctl) }

  func untilMeshctlEnds() async {
    while state.withLock({ !$0.meshctlEnded && !$0.isStopped }), !Task.isCancelled {
      try? await Task.sleep(for: .milliseconds(20))
    }
  }

  @discardableResult
  func stop() -> Report {
    state.withLock {
      $0.isStopped = true
      return $0.report
    }
  }

  private func round() {
    var findings: [Finding] = []
    for pid in Processes.all() {
      if patterns.occur(in: Processes.bytes("/proc/\(pid)/cmdline")) {
        findings.append(Finding(place: "command line", program: Processes.commandLine(pid)))
      }
      guard pid != meshctl, hasSecretEnvironment(pid) else { continue }
      findings.append(Finding(place: "environment", program: Processes.commandLine(pid)))
    }
    state.withLock {
      $0.report.rounds += 1
      // One finding says it; hundreds of the same would hide the others.
      if $0.report.findings.count < 20 { $0.report.findings += findings }
    }
  }

  /// A child between fork and exec still is meshctl, with meshctl's environment.
  private func hasSecretEnvironment(_ pid: Int32) -> Bool {
    let path = "/proc/\(pid)/environ"
    guard patterns.occur(in: Processes.bytes(path)), let program = Processes.program(pid),
      program != Processes.program(meshctl)
    else { return false }
    return patterns.occur(in: Processes.bytes(path))
  }
}
