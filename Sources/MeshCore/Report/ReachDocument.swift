/// The JSON form of a verification: a contract; minor format versions only add keys.
package struct ReachDocument: Encodable, Sendable {
  package static let formatVersion = "1.0"

  struct HostPart: Encodable {
    var name: String
    var os: String
    /// `asked`, `notSelected`, `failed`, `offline`, `missing`.
    var state: String
    var node: PlanDocument.NodePart?
    var address: String?
    /// True where `offline: ignore` says that it may be away.
    var mayBeAway: Bool?
    var diagnostic: PlanDocument.DiagnosticPart?
  }
  struct PairPart: Encodable {
    var from: String
    var to: String
    var address: String
    /// `direct`, `relayed`, `unreachable`, `notAsked`.
    var result: String
    var via: String?
    var milliseconds: Double?
    var diagnostic: PlanDocument.DiagnosticPart?
  }
  struct ExpectPart: Encodable {
    var from: String
    /// As the inventory writes it.
    var endpoint: String
    /// Missing where it names a host that is not there.
    var place: String?
    /// `reached`, `unreachable`, `notAsked`.
    var result: String
    var milliseconds: Double?
    var diagnostic: PlanDocument.DiagnosticPart?
  }
  struct SamplePart: Encodable {
    var size: Int
    var outOf: Int
  }
  struct SummaryPart: Encodable {
    var direct: Int
    var relayed: Int
    var unreachable: Int
    var notAsked: Int
    var expectReached: Int
    var expectFailed: Int
    var hostsFailed: Int
    var away: Int
    /// Everything that was to be asked was asked and reached.
    var complete: Bool
  }

  var format = "meshctl-verify"
  var formatVersion = ReachDocument.formatVersion
  var meshctl = MeshctlVersion.current
  var simulated: Bool?
  var inventory: PlanDocument.InventoryPart
  var server: PlanDocument.ServerPart
  var takenAt: String?
  var sample: SamplePart?
  var hosts: [HostPart]
  var pairs: [PairPart]
  var expect: [ExpectPart]
  var summary: SummaryPart

  package init(_ report: ReachReport) {
    let counts = report.counts
    simulated = report.simulated ? true : nil
    inventory = .init(path: report.inventoryPath, digest: report.inventoryDigest)
    server = .init(url: report.server.url, version: report.server.version)
    takenAt = report.takenAt?.rfc3339
    sample = report.sample.map { SamplePart(size: $0.size, outOf: $0.outOf) }
    hosts = report.members.map(HostPart.init)
    pairs = report.pairs.map(PairPart.init)
    expect = report.expectations.map(ExpectPart.init)
    summary = SummaryPart(
      direct: counts.direct, relayed: counts.relayed, unreachable: counts.unreachable,
      notAsked: counts.notAsked, expectReached: counts.endpointsReached,
      expectFailed: counts.endpointsFailed, hostsFailed: counts.hostsFailed, away: counts.away,
      complete: report.isComplete)
  }

  /// The document as stable, indented JSON without a final line feed.
  package static func json(_ report: ReachReport) -> String {
    StableJSON.encode(ReachDocument(report))
  }
}

extension ReachDocument.HostPart {
  init(_ row: ReachReport.Member) {
    let state: String =
      switch row.member.state {
      case .offline: "offline"
      case .missing: "missing"
      case .present where row.refusal != nil: "failed"
      case .present: row.isAsker ? "asked" : "notSelected"
      }
    self.init(
      name: row.host, os: row.member.os.rawValue, state: state,
      node: row.member.node.map { .init(id: $0.id, nodeKey: $0.nodeKey) },
      address: row.member.address, mayBeAway: row.member.isExcused ? true : nil,
      diagnostic: row.finding.map(PlanDocument.DiagnosticPart.init))
  }
}

extension ReachDocument.PairPart {
  init(_ pair: ReachReport.Pair) {
    self.init(from: pair.from, to: pair.to, address: pair.address, result: pair.outcome.word)
    switch pair.outcome {
    case .direct(let path), .relayed(let path):
      via = path.via
      milliseconds = path.milliseconds
    case .reached(let time): milliseconds = time
    case .unreachable(let finding), .notAsked(let finding): diagnostic = .init(finding)
    }
  }
}

extension ReachDocument.ExpectPart {
  init(_ expectation: ReachReport.Expectation) {
    let endpoint = expectation.endpoint
    self.init(
      from: expectation.from, endpoint: endpoint.label,
      place: endpoint.address.isEmpty ? nil : endpoint.place, result: expectation.outcome.word,
      diagnostic: expectation.outcome.finding.map(PlanDocument.DiagnosticPart.init))
    if case .reached(let time) = expectation.outcome { milliseconds = time }
  }
}

extension ReachReport.Outcome {
  var word: String {
    switch self {
    case .direct: "direct"
    case .relayed: "relayed"
    case .reached: "reached"
    case .unreachable: "unreachable"
    case .notAsked: "notAsked"
    }
  }
}
