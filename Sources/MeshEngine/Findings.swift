package import MeshCore

extension ClientFacts {
  /// True where the client holds a key that it was not asked to give up.
  var isJoined: Bool { nodeKey != nil && backendState != "NeedsLogin" }
}

extension Failure {
  /// What a port threw; ports throw `Failure`, and another error must not stop other hosts either.
  ///
  /// Only the type of a foreign error is shown: its text may hold anything.
  package init(any error: any Error) {
    self =
      error as? Failure
      ?? Failure(
        .unexpected, "something failed in a way that meshctl does not know",
        evidence: String(describing: type(of: error)), hint: "run meshctl apply again")
  }
}

extension Diagnostic {
  /// The same finding, stopping nothing.
  package var asWarning: Diagnostic {
    var copy = self
    copy.severity = .warning
    return copy
  }

  /// The same finding, said to be about this host.
  package func on(host: String) -> Diagnostic {
    var copy = self
    copy.host = copy.host ?? host
    return copy
  }
}
