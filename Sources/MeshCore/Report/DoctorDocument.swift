/// The JSON form of what doctor found: a contract; minor format versions only add keys.
package struct DoctorDocument: Encodable, Sendable {
  package static let formatVersion = "1.0"

  struct CheckPart: Encodable {
    /// Names of `DoctorCheck.Kind`, for example `login`.
    var check: String
    /// `pass`, `fail`, `unknown`.
    var verdict: String
    var words: String
    /// Of failures; of passes and unknowns what is worth knowing.
    var diagnostic: PlanDocument.DiagnosticPart?
  }
  struct HostPart: Encodable {
    var name: String
    var os: String
    var verdict: String
    var checks: [CheckPart]
  }
  struct SummaryPart: Encodable {
    var pass: Int
    var fail: Int
    var unknown: Int
  }
  struct ServerPart: Encodable {
    var url: String
    var checks: [CheckPart]
  }

  var format = "meshctl-doctor"
  var formatVersion = DoctorDocument.formatVersion
  var meshctl = MeshctlVersion.current
  var simulated: Bool?
  var inventory: PlanDocument.InventoryPart
  var server: ServerPart
  var hosts: [HostPart]
  var summary: SummaryPart

  package init(_ report: DoctorReport) {
    simulated = report.simulated ? true : nil
    inventory = .init(path: report.inventoryPath, digest: report.inventoryDigest)
    server = ServerPart(url: report.serverURL, checks: report.server.map(CheckPart.init))
    hosts = report.hosts.map { host in
      HostPart(
        name: host.host, os: host.os.rawValue, verdict: host.verdict.rawValue,
        checks: host.checks.map(CheckPart.init))
    }
    summary = SummaryPart(
      pass: report.count(.pass), fail: report.count(.fail), unknown: report.count(.unknown))
  }

  /// The document as stable, indented JSON without a final line feed.
  package static func json(_ report: DoctorReport) -> String {
    StableJSON.encode(DoctorDocument(report))
  }
}

extension DoctorDocument.CheckPart {
  init(_ check: DoctorCheck) {
    self.init(
      check: check.kind.rawValue, verdict: check.verdict.rawValue, words: check.words,
      diagnostic: check.finding.map(PlanDocument.DiagnosticPart.init))
  }
}
