import ArgumentParser
import Foundation
import MeshCore

/// Which part of the hosts, where several runs share a mesh.
struct ShardOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Only part I of N of the hosts, counted from 0 (0/4 … 3/4), a stable choice by their names; /N "
        + "takes I from JOB_COMPLETION_INDEX, which Kubernetes sets in Indexed Jobs. What belongs to no "
        + "host (unmanaged nodes, --prune) is the work of part 0.", valueName: "i/n"))
  var shard: String?

  func validate() throws { _ = try resolved(in: ProcessInfo.processInfo.environment) }

  /// - Throws: `ValidationError` (exit 64) where the words name no part.
  func resolved(in environment: [String: String]) throws -> Shard? {
    guard let shard else { return nil }
    do { return try Shard(argument: shard, environment: environment) } catch {
      throw ValidationError(error.words)
    }
  }

  var given: [String] { shard == nil ? [] : ["--shard"] }
}
