/// What one code means: the row behind `meshctl explain` and docs/codes.md.
///
/// Every `DiagnosticCode` has exactly one row, in `Causes/Cause+<Area>.swift`; a test compares the
/// two. Words here are about the kind of trouble; a finding itself names host, place and evidence.
package struct Cause: Sendable, Hashable {
  package var code: DiagnosticCode
  /// What happened, one line without a final full stop.
  package var title: String
  /// Why it happens and why it matters; full sentences.
  package var meaning: String
  /// What a finding was concluded from, and where to look.
  package var evidence: String
  /// True where the next run may pass without anybody doing anything.
  package var passes: Bool
  /// Commands to run or lines to write, the likeliest first; `HOST` and `FILE` stand for yours.
  package var next: [String]
  /// Whose words or rules it is known from.
  package var source: String

  init(
    _ code: DiagnosticCode, _ title: String, why meaning: String, look evidence: String,
    passes: Bool = false, next: String..., from source: String = "meshctl"
  ) {
    self.code = code
    self.title = title
    self.meaning = meaning
    self.evidence = evidence
    self.passes = passes
    self.next = next
    self.source = source
  }

  /// Whether waiting helps, in words.
  package var patience: String {
    passes ? "May pass by itself: the next run tries again." : "Stays until somebody acts."
  }
}

/// A part of the table, as the documents show it.
package struct CauseArea: Sendable {
  package var title: String
  package var rows: [Cause]
}

extension Cause {
  /// The whole table, in the order of the documents.
  package static let areas: [CauseArea] = [
    CauseArea(title: "The server as a host sees it", rows: server),
    CauseArea(title: "Reaching a host by SSH", rows: ssh),
    CauseArea(title: "Enabling SSH on a host", rows: bootstrap),
    CauseArea(title: "Becoming root on a host", rows: elevation),
    CauseArea(title: "Preparing a host", rows: prepare),
    CauseArea(title: "Installing the client", rows: installation),
    CauseArea(title: "The client on a host", rows: client),
    CauseArea(title: "Joining a host", rows: join),
    CauseArea(title: "Windows hosts", rows: windows),
    CauseArea(title: "Who reaches whom", rows: reach),
    CauseArea(title: "What doctor finds", rows: doctor),
    CauseArea(title: "The Headscale API", rows: api),
    CauseArea(title: "Planning", rows: plan),
    CauseArea(title: "Applying", rows: apply),
    CauseArea(title: "Saved plans", rows: savedPlan),
    CauseArea(title: "Choosing hosts", rows: selection),
    CauseArea(title: "Reading secrets", rows: secret),
    CauseArea(title: "Files, locks and output", rows: files),
    CauseArea(title: "Journal, metrics, notifications", rows: trail),
    CauseArea(title: "Importing", rows: importing),
    CauseArea(title: "The inventory file", rows: inventory),
    CauseArea(title: "Simulation", rows: simulation),
  ]

  package static let all: [Cause] = areas.flatMap(\.rows)

  /// The row of a code; nil for a code that this version does not know (a saved plan may bring one).
  package static func of(_ code: DiagnosticCode) -> Cause? { byCode[code] }

  private static let byCode = Dictionary(
    all.map { ($0.code, $0) }, uniquingKeysWith: { one, _ in one })
}
