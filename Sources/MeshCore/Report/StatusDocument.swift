/// The JSON form of a status: a contract; minor format versions only add keys.
package struct StatusDocument: Encodable, Sendable {
  package static let formatVersion = "1.0"

  struct HostPart: Encodable {
    var name: String
    var os: String
    /// `inSync`, `drifted`, `waiting`, `blocked`, `offline`.
    var state: String
    /// As in a plan.
    var action: String
    var identity: String?
    var node: NodePart?
    var clientVersion: String?
    /// In words, as a plan shows them.
    var differences: [String]
    var diagnostics: [PlanDocument.DiagnosticPart]
  }
  struct NodePart: Encodable {
    var id: String
    var nodeKey: String
    /// What `machine_key` pins; public, as the node key is.
    var machineKey: String
    var online: Bool
    var lastSeen: String?
    var addresses: [String]
    /// Missing where the key never expires.
    var keyExpiry: String?
  }
  struct SummaryPart: Encodable {
    var inSync: Int
    var drifted: Int
    var waiting: Int
    var blocked: Int
    var offline: Int
    var unmanaged: Int
  }

  var format = "meshctl-status"
  var formatVersion = StatusDocument.formatVersion
  var meshctl = MeshctlVersion.current
  var simulated: Bool?
  var inventory: PlanDocument.InventoryPart
  var server: PlanDocument.ServerPart
  var takenAt: String?
  var hosts: [HostPart]
  var summary: SummaryPart
  var diagnostics: [PlanDocument.DiagnosticPart]

  package init(_ report: StatusReport) {
    let plan = report.plan
    simulated = plan.simulated ? true : nil
    inventory = PlanDocument.InventoryPart(path: plan.inventoryPath, digest: plan.inventoryDigest)
    server = PlanDocument.ServerPart(url: plan.server.url, version: plan.server.version)
    takenAt = report.takenAt?.rfc3339
    hosts = report.rows.map(HostPart.init)
    summary = SummaryPart(
      inSync: report.count(.inSync), drifted: report.count(.drifted),
      waiting: report.count(.waiting), blocked: report.count(.blocked),
      offline: report.count(.offline), unmanaged: plan.unmanaged.count)
    diagnostics = plan.diagnostics.map(PlanDocument.DiagnosticPart.init)
  }

  /// The document as stable, indented JSON without a final line feed.
  package static func json(_ report: StatusReport) -> String {
    StableJSON.encode(StatusDocument(report))
  }
}

extension StatusDocument.HostPart {
  init(_ row: StatusReport.Row) {
    self.init(
      name: row.host, os: row.os.rawValue, state: row.state.rawValue, action: row.action.rawValue,
      identity: row.identity?.rawValue,
      node: row.node.map {
        StatusDocument.NodePart(
          id: $0.id, nodeKey: $0.nodeKey, machineKey: $0.machineKey, online: $0.online,
          lastSeen: $0.lastSeen?.rfc3339, addresses: $0.ipAddresses, keyExpiry: $0.expiry?.rfc3339)
      }, clientVersion: row.clientVersion, differences: row.differences,
      diagnostics: row.findings.map(PlanDocument.DiagnosticPart.init))
  }
}
