extension RemoteCall {
  /// Asks from a host whom it reaches; the script writes nothing but its own private folder.
  package static func verify(_ targets: ReachTargets) -> RemoteCall {
    let rounds =
      (targets.peers.count + width - 1) / width + (targets.endpoints.count + width - 1) / width
    let seconds = min(longest, max(1, rounds) * worstQuestion)
    return RemoteCall(
      .verify,
      parameters: [
        Parameter("PEERS", targets.peers.joined(separator: "\n")),
        Parameter(
          "ENDPOINTS",
          targets.endpoints.map { "\($0.address) \($0.port.map(String.init) ?? "-")" }
            .joined(separator: "\n")),
        Parameter("WIDTH", String(width)), Parameter("PINGS", "3"), Parameter("WAIT", "3"),
        Parameter("LIMIT", String(seconds)),
      ], elevated: false,
      // The last question may begin right before the script's own end.
      timeout: seconds + worstQuestion + 30)
  }

  /// Questions at once on one host: each is a process of the client.
  private static let width = 8
  /// Seconds that one question takes at most, its second try included.
  private static let worstQuestion = 32
  /// Seconds after which a script begins no further question.
  private static let longest = 240
}
