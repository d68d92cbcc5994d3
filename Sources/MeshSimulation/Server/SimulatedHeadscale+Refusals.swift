extension SimulatedHeadscale {
  /// The refusal in the words of the mode: of the gateway, or as a problem of 0.30.
  package func refusal(
    _ gateway: SimulatedServerError, problem status: Int, _ detail: String,
    _ cause: String? = nil
  ) -> SimulatedServerError {
    switch rules.generation {
    case .gateway: gateway
    case .problems: .problem(status, detail, cause)
    }
  }

  /// The calls that need a node.
  enum NodeCall { case get, delete, rename, expire, setTags, approveRoutes }

  /// The answer of a call to the id of no node (reference headscale-api.md §4).
  func noNode(_ id: Int, for call: NodeCall) -> SimulatedServerError {
    guard let words = rules.missingNodeMessage else {
      let message = "record not found"
      switch call {
      case .setTags, .approveRoutes: return .invalidArgument(message)
      case .get, .delete, .rename, .expire: return .unknown(message)
      }
    }
    let gone = "\(words): \(id)"
    switch call {
    case .get, .delete:
      return refusal(.notFound("node not found"), problem: 404, "node not found")
    case .setTags:
      let gateway: SimulatedServerError =
        rules.tagsAreIdentity ? .notFound("node not found") : .invalidArgument(gone)
      return refusal(gateway, problem: 404, "node not found")
    case .rename: return refusal(.unknown(gone), problem: 404, "renaming node", gone)
    case .expire: return refusal(.unknown(gone), problem: 404, "expiring node", gone)
    case .approveRoutes:
      return refusal(.invalidArgument(gone), problem: 404, "setting approved routes", gone)
    }
  }

  /// No such user; `purpose` is what was being done, as 0.30 puts it.
  package func noUser(to purpose: String) -> SimulatedServerError {
    refusal(.unknown("user not found"), problem: 404, purpose, "user not found")
  }
}
