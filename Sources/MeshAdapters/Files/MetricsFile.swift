package import MeshCore
import SystemPackage

/// The file of `--metrics-file`, for the textfile collector of Prometheus's node exporter.
package struct MetricsFile: Sendable {
  private let path: String

  package init(_ path: String) { self.path = path }

  /// What an earlier run wrote; empty where there is nothing, or no such file.
  package var previous: String {
    guard BoundedFile.isRegular(path),
      let bytes = try? BoundedFile.read(path, limit: 1 << 20, what: "the metrics file")
    else { return "" }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Refuses before anything is done what `write` would find out after it.
  ///
  /// - Throws: `Failure` with `MESH-METRICS-UNWRITABLE`.
  package func requireWritable() throws(Failure) {
    do { try BoundedFile.requireWritable(path, what: "the metrics file") } catch {
      throw Failure(
        .metricsUnwritable, error.diagnostic.message, detail: "Nothing was done.",
        hint: "name a file in a folder that this user may write in")
    }
    try requireOurs()
  }

  /// The value of the option forgotten, and the next word is the inventory: what meshctl did not write
  /// is never replaced.
  private func requireOurs() throws(Failure) {
    guard BoundedFile.isRegular(path) else { return }
    let bytes: [UInt8]
    do { bytes = try BoundedFile.read(path, limit: 1 << 20, what: "the metrics file") } catch {
      let finding = (error as? Failure)?.diagnostic
      throw Failure(
        .metricsUnwritable, finding?.message ?? "cannot read the metrics file \(path)",
        detail: "What is not known to be meshctl's is not replaced.",
        hint: "name another file with --metrics-file")
    }
    let text = String(decoding: bytes, as: UTF8.self)
    guard !text.isEmpty, !text.hasPrefix("# HELP meshctl_") else { return }
    throw Failure(
      .metricsUnwritable, "\(path) is there already and is no metrics file of meshctl",
      detail: "It is not replaced.", hint: "name another file with --metrics-file")
  }

  /// Replaces the file, readable by all.
  ///
  /// - Throws: `Failure` with `MESH-METRICS-UNWRITABLE`.
  package func write(_ metrics: RunMetrics) throws {
    try requireOurs()
    do { try AtomicFile.write(metrics.rendered, to: path, mode: 0o644) } catch {
      let why =
        error == .invalidArgument ? "it is a link, a folder or a device, not a file" : "\(error)"
      throw Failure(
        .metricsUnwritable, "cannot write the metrics file \(path): \(why)",
        detail: "Monitoring sees the values of an earlier run, if any.",
        hint: "name a file in a folder that this user may write in")
    }
  }
}
