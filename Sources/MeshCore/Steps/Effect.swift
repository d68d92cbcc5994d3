/// What the executor can perform; a closed set, so that a new step needs no new executor code.
package enum Effect: Sendable, Equatable {
  case remote(RemoteCall)
  case server(ServerCall)
  /// Something done from this machine that lets the host be reached at all.
  case enableSSH(EnableSSHStep.Way)
  case wait(Wait)
}

/// One call to the control plane that changes it.
package enum ServerCall: Sendable, Equatable {
  /// Creates a local user; the name was validated by us, because the server accepts nonsense.
  case createUser(name: String)
  /// Mints a single-use, non-ephemeral key into the slot.
  case createPreAuthKey(KeyRequest, into: SecretSlot)
  /// Expires the key of the slot; nothing where none was minted.
  case expirePreAuthKey(of: SecretSlot)
  /// Expires an unused key that an earlier run left waiting on a host, by its exact expiration, which
  /// only that key has: an id would be the host's word for any key of the server.
  case expireWaitingKey(expiring: Timestamp)
  case setTags(nodeID: String, tags: [String])
  /// Replaces the whole set of approved routes.
  case approveRoutes(nodeID: String, routes: [String])
  case rename(nodeID: String, name: String)
  case disableExpiry(nodeID: String)
  case deleteNode(id: String)
}

/// What a pre-auth key is for.
package struct KeyRequest: Sendable, Hashable {
  package enum Owner: Sendable, Hashable {
    /// A user's name or email, resolved to an id when the key is minted.
    case user(String)
    /// Tags; `keyOwner` is the user below Headscale 0.29, where user-less keys duplicate nodes.
    case tags([String], keyOwner: String?)
  }

  package var owner: Owner
  /// Seconds; at most 900, or a day for a key that waits for a person (design law 7, §6 Windows).
  package var lifetime: Int

  package init(owner: Owner, lifetime: Int = 600) {
    self.owner = owner
    self.lifetime = lifetime
  }
}

/// Something to wait for.
package enum Wait: Sendable, Equatable {
  /// The node whose key the host reports is listed and online; seconds to wait.
  ///
  /// `lasting`: seconds after which it is still online in a second list; 0 where one look will do.
  case joined(timeout: Int, lasting: Int = 0)
  /// An SSH server answers; where `bySetup`, a machine that is still being set up has more time than
  /// this run, and the host then waits instead of failing.
  case ssh(timeout: Int, bySetup: Bool)
}
