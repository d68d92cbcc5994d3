/// What one run left, for Prometheus (docs/trail.md): a contract; metrics may be added, never changed.
///
/// All are gauges of the last run, since a file is written anew by every run.
package struct RunMetrics: Sendable, Equatable {
  /// The states of `meshctl_hosts`; every one is always written, so that an alert finds its series.
  package enum HostState: String, Sendable, CaseIterable {
    case inSync = "in_sync"
    case changed, failed, blocked, waiting
    case backedOff = "backed_off"
  }

  /// Which mesh, and which part of it.
  package struct Labels: Sendable, Equatable {
    package var mesh: String
    package var shard: String?
    package var simulated: Bool

    package init(mesh: String, shard: String? = nil, simulated: Bool = false) {
      self.mesh = mesh
      self.shard = shard
      self.simulated = simulated
    }

    var pairs: [(String, String)] {
      [("mesh", mesh)] + (shard.map { [("shard", $0)] } ?? [])
        + (simulated ? [("simulated", "true")] : [])
    }
  }

  package var labels: Labels
  /// Nil where the run ended before there was anything to count.
  package var hosts: [HostState: Int]?
  package var unmanaged: Int?
  /// Steps done that changed something.
  package var changes: [StepKind: Int] = [:]
  /// What stopped hosts, nodes and the run, by code.
  package var failures: [String: Int] = [:]
  package var exit: Int32
  package var seconds: Double
  package var endedAt: Timestamp
  /// The last run that ended with exit status 0.
  package var lastSuccess: Timestamp?
  package var apiKeyExpiry: Timestamp?
  package var nodeKeyExpiry: Timestamp?

  package init(labels: Labels, exit: Int32, seconds: Double, endedAt: Timestamp) {
    self.labels = labels
    self.exit = exit
    self.seconds = seconds
    self.endedAt = endedAt
  }

  /// The text exposition format, version 0.0.4, with a final line feed.
  package var rendered: String {
    var text = ""
    func family(_ name: String, _ help: String, _ samples: [(labels: [(String, String)], String)]) {
      guard !samples.isEmpty else { return }
      text += "# HELP \(name) \(help)\n# TYPE \(name) gauge\n"
      for sample in samples {
        text += name + RunMetrics.labels(labels.pairs + sample.labels) + " \(sample.1)\n"
      }
    }
    func one(_ name: String, _ help: String, _ value: String?) {
      family(name, help, value.map { [([], $0)] } ?? [])
    }
    family(
      "meshctl_build_info", "The version of meshctl that ran last.",
      [([("version", MeshctlVersion.current)], "1")])
    family(
      "meshctl_hosts", "Hosts of the last run by how they ended.",
      hosts.map { hosts in
        HostState.allCases.map { ([("state", $0.rawValue)], "\(hosts[$0] ?? 0)") }
      } ?? [])
    one(
      "meshctl_unmanaged_nodes", "Nodes that belong to no host of the inventory.",
      unmanaged.map { "\($0)" })
    family(
      "meshctl_last_run_changes", "Steps of the last run that changed something.",
      StepKind.writing.map { ([("step", $0.rawValue)], "\(changes[$0] ?? 0)") })
    family(
      "meshctl_last_run_failures", "What failed or was blocked in the last run, by code.",
      failures.sorted { $0.key < $1.key }.map { ([("code", $0.key)], "\($0.value)") })
    one(
      "meshctl_last_run_exit_status", "The exit status of the last run; 0 means the mesh matches.",
      "\(exit)")
    one(
      "meshctl_last_run_duration_seconds", "How long the last run took.",
      RunMetrics.decimal(seconds))
    one(
      "meshctl_last_run_timestamp_seconds", "When the last run ended.",
      RunMetrics.decimal(endedAt))
    one(
      RunMetrics.lastSuccessName,
      "When a run of the whole inventory last ended with exit status 0 or 4.",
      lastSuccess.map(RunMetrics.decimal))
    one(
      RunMetrics.apiKeyExpiryName, "When the API key ends.",
      apiKeyExpiry.map(RunMetrics.decimal))
    one(
      RunMetrics.nodeKeyExpiryName,
      "When the next node key of a host ends, or the first one did.",
      nodeKeyExpiry.map(RunMetrics.decimal))
    return text
  }

  static let lastSuccessName = "meshctl_last_success_timestamp_seconds"
  static let apiKeyExpiryName = "meshctl_api_key_expiry_timestamp_seconds"
  static let nodeKeyExpiryName = "meshctl_node_key_expiry_timestamp_seconds"

  /// `{a="b"}`; a label value may be any UTF-8 with `\`, `"` and line feeds escaped.
  static func labels(_ pairs: [(String, String)]) -> String {
    let inside = pairs.map { name, value in
      let escaped = value.unicodeScalars.map { scalar -> String in
        switch scalar {
        case "\\": "\\\\"
        case "\"": "\\\""
        case "\n": "\\n"
        default: String(scalar)
        }
      }
      return name + "=\"" + escaped.joined() + "\""
    }
    return inside.isEmpty ? "" : "{" + inside.joined(separator: ",") + "}"
  }

  /// Seconds with three decimals.
  private static func decimal(_ time: Timestamp) -> String {
    let milliseconds = String(1000 + time.nanoseconds / 1_000_000).dropFirst()
    // Before 1970 the fraction would count the other way; no server or key is that old.
    return time.seconds < 0 ? "\(time.seconds)" : "\(time.seconds).\(milliseconds)"
  }

  private static func decimal(_ seconds: Double) -> String {
    let milliseconds = Int64(max(0, min(seconds, 1e12)) * 1000)
    return "\(milliseconds / 1000)." + String(1000 + milliseconds % 1000).dropFirst()
  }
}
