/// What a plan's hash is taken over, so that two people can tell that they speak of one plan.
package enum PlanFingerprint {
  /// The plan's document without what changes while nothing does: times, who is online, sentences
  /// that may name either, and the version of this program.
  package static func text(of plan: Plan) -> String {
    var document = PlanDocument(plan)
    document.meshctl = ""
    document.diagnostics = document.diagnostics.map(bare)
    for index in document.hosts.indices {
      document.hosts[index].reason = nil
      document.hosts[index].diagnostics = document.hosts[index].diagnostics.map(bare)
    }
    for index in document.unmanaged.indices {
      document.unmanaged[index].online = false
      document.unmanaged[index].lastSeen = nil
      document.unmanaged[index].prunable = nil
    }
    return StableJSON.encode(document, indented: false)
  }

  /// A finding counts by its code.
  private static func bare(_ part: PlanDocument.DiagnosticPart) -> PlanDocument.DiagnosticPart {
    var part = part
    part.message = ""
    part.detail = nil
    part.evidence = nil
    part.hint = nil
    return part
  }
}
