/// Joins a host: mint a key, `tailscale up --reset` with it, wait until the node is online.
package struct JoinStep: Sendable, Equatable {
  /// `tailscale up` flags without the key.
  package var arguments: [String]
  package var key: KeyRequest
  /// True where the client logs in anew although it has a key.
  package var reauthenticates: Bool

  /// A node that is deleted between the making of the key and its use: a tagged one, which the server
  /// would keep tagged (reference headscale-api.md §5.2).
  package var deletesFirst: String?
  /// When the key of an earlier hand-over ends that is given up.
  package var expiresFirst: Timestamp?
  /// What follows where the direct join fails by something that only a person can mend.
  package var handOver: HandOver?
  /// Seconds that the node has to stay online after the login; the client of a desktop may drop it
  /// when the command that joined has ended (reference tailscale-client.md §3.1).
  package var lasting = 0

  package init(arguments: [String], key: KeyRequest, reauthenticates: Bool = false) {
    self.arguments = arguments
    self.key = key
    self.reauthenticates = reauthenticates
  }

  /// Seconds for `tailscale up` itself; the outer limits are larger.
  static let upTimeout = 90

  var payload: StepPayload {
    StepPayload(
      [expiresFirst.map { .server(.expireWaitingKey(expiring: $0)) }].compactMap(\.self)
        + [.server(.createPreAuthKey(key, into: .preAuthKey))]
        + [deletesFirst.map { .server(.deleteNode(id: $0)) }].compactMap(\.self) + [
          .remote(.join(arguments: arguments, key: .preAuthKey, timeout: JoinStep.upTimeout)),
          .wait(.joined(timeout: 60, lasting: lasting)),
        ],
      onFailure: [
        .server(.expirePreAuthKey(of: .preAuthKey)),
        // A client remembers a bad key and would retry with it for ever (reference
        // tailscale-client.md §2.4, #6215).
        .remote(.clearKey),
      ])
  }
}
