import ArgumentParser
import Foundation
import MeshAdapters
import MeshCore
import MeshEngine

/// What every command gets: the console, the environment, the clock.
struct App {
  var console: Console
  let environment: [String: String]
  let clock = SystemClock()
  /// True where only errors are logged.
  var isQuiet = false
  let startedAt: Timestamp

  init(_ style: StyleOptions) {
    startedAt = clock.now()
    environment = ProcessInfo.processInfo.environment
    console = Console(
      color: style.color, environment: environment, verbose: style.verbose,
      logFormat: style.logFormat)
  }

  /// Runs a command's body and ends the process with its status; every failure is said once.
  func run(_ body: () async throws -> ExitStatus) async throws {
    let status: ExitStatus
    do {
      status = try await body()
    } catch let failure as Failure {
      show([failure.diagnostic])
      status = .of(failure)
    } catch let held as LockHeld {
      show([held.diagnostic])
      status = .locked
    } catch let wrong as ValidationError where console.logFormat == .json {
      console.log(LogLine(.error, wrong.message, at: clock.now(), run: console.run))
      throw ExitCode.validationFailure
    }
    guard status == .done else { throw status.code }
  }

  /// Logs findings that have no source position.
  ///
  /// With `evenQuiet` a warning is shown by a quiet run too.
  func show(_ diagnostics: [Diagnostic], evenQuiet: Bool = false) {
    let shown = diagnostics.filter { !isQuiet || evenQuiet || $0.severity == .error }
    guard console.logFormat == .text else {
      for diagnostic in shown {
        console.log(LogLine(diagnostic, at: clock.now(), run: console.run))
      }
      return
    }
    let paint = Paint(isOn: console.errorStyle.color)
    for diagnostic in shown {
      for line in DiagnosticLines.of(
        diagnostic, width: console.errorStyle.width, paint: paint, withHost: true)
      {
        console.log(line)
      }
    }
  }

  /// Reads, decodes and validates an inventory; its findings go to standard error.
  ///
  /// - Throws: `Failure` when it cannot be read; `ExitCode` 1 after its errors were shown.
  func loadInventory(_ path: String) throws -> Inventory {
    let file = try InventoryFile.load(path)
    let findings = file.diagnostics.filter { !isQuiet || $0.severity == .error }
    if console.logFormat == .json {
      show(DiagnosticText.sorted(findings))
    } else if !findings.isEmpty {
      let text = DiagnosticText.render(
        findings, source: { $0 == path ? file.bytes : nil },
        color: console.errorStyle.color)
      console.log(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    }
    guard let inventory = file.inventory else { throw ExitStatus.error.code }
    return inventory
  }

  /// The selected hosts of an inventory.
  ///
  /// - Throws: `Failure` for a pattern that names nothing and for an empty selection.
  func select(
    _ selection: SelectionOptions, shard: Shard? = nil, from inventory: Inventory
  ) throws -> Set<String> {
    try select(limit: selection.limit, exclude: selection.exclude, shard: shard, from: inventory)
  }

  /// The selected hosts, where the patterns come from a saved plan.
  func select(
    limit: [String], exclude: [String], shard: Shard? = nil, from inventory: Inventory
  ) throws -> Set<String> {
    try HostSelector.select(
      inventory.hosts, groups: inventory.groups, limit: limit, exclude: exclude, shard: shard)
  }
}
