package import MeshCore

/// The reading half of the control plane; everything that plan may touch.
///
/// Every method throws `Failure`, whose diagnostic says what failed in words (401 → the key was
/// refused and where it came from) and never holds the key.
package protocol ControlPlaneReading: Sendable {
  /// Finds out version and reachability without changing anything.
  func identify() async throws -> ServerIdentity
  /// Lists all nodes with the server's clock at that time.
  func nodes() async throws -> NodeList
  func users() async throws -> [MeshUser]
  func policy() async throws -> PolicyState
}

/// One answer of the node list.
package struct NodeList: Sendable, Equatable {
  /// In ascending id order.
  package var nodes: [MeshNode]
  /// The HTTP `Date` of the answer, or the clock of the machine that the command ran on; nil where
  /// the way in has none.
  package var serverTime: Timestamp?

  package init(nodes: [MeshNode], serverTime: Timestamp?) {
    self.nodes = nodes
    self.serverTime = serverTime
  }
}

/// The control plane with its writing methods; only apply is given one.
package protocol ControlPlane: ControlPlaneReading {
  func createUser(name: String) async throws
  /// Mints a single-use, non-ephemeral key with an explicit expiration.
  ///
  /// On a timeout it lists keys and expires unused ones with exactly our expiration before it throws
  /// (design §5). `announce` is called with the key's exact expiration, unique to it, before the
  /// server is asked; where that throws nothing is made.
  func createPreAuthKey(
    _ request: KeyRequest, announce: @Sendable (Timestamp) async throws -> Void
  ) async throws -> MintedKey
  /// Expires unused keys that carry exactly this expiration: what a kill left whose id never came.
  func expireUnusedKeys(expiringAt expiration: Timestamp) async throws
  func expirePreAuthKey(id: String) async throws
  /// Expires a key that only a file remembers: ids may have been given anew since it was written, by a
  /// server that was restored, so nothing is done to a key that meshctl does not make.
  ///
  func expireLeftOver(keyID: String) async throws -> LeftOverKey
  func setTags(nodeID: String, tags: [String]) async throws
  func approveRoutes(nodeID: String, routes: [String]) async throws
  func rename(nodeID: String, to name: String) async throws
  /// Makes the node's key never expire; Headscale 0.29 and later.
  func disableExpiry(nodeID: String) async throws
  /// Deletes the node's record; a node that is gone already counts as deleted. Its client may go on
  /// as if nothing happened (reference headscale-api.md §5.5, #3410).
  func deleteNode(id: String) async throws
}

extension ControlPlane {
  /// For control planes whose every key is ours.
  package func expireLeftOver(keyID: String) async throws -> LeftOverKey {
    try await expirePreAuthKey(id: keyID)
    return .expired
  }

  /// Mints a key that nobody else has to know of before it is there.
  package func createPreAuthKey(_ request: KeyRequest) async throws -> MintedKey {
    try await createPreAuthKey(request, announce: { _ in })
  }
}

/// What became of a key that a file remembers.
package enum LeftOverKey: Sendable {
  case expired
  /// It was used, or ended, or is not there.
  case harmless
  /// meshctl makes no such keys, so it was left alone.
  case foreign
}

/// A fresh pre-auth key.
package struct MintedKey: Sendable {
  package var id: String
  package var key: Secret
  package var expiration: Timestamp

  package init(id: String, key: Secret, expiration: Timestamp) {
    self.id = id
    self.key = key
    self.expiration = expiration
  }
}

/// Looks at a host; never changes it, accepts no script, never sends a become password.
package protocol HostProbing: Sendable {
  /// Reads all facts in one round trip. Does not throw: one dead host is data (design law 10).
  func probe(_ host: Host) async -> ProbeResult
}

/// Asks from a host whom it reaches; changes nothing there, and accepts no script.
package protocol HostReaching: Sendable {
  /// Asks for all targets in one round trip, in bounded time. Does not throw: one dead host is data.
  func reach(_ targets: ReachTargets, from host: Host) async -> ReachAnswer
}

/// Asks from a host what it can get at; changes nothing there, and accepts no script.
package protocol HostExamining: Sendable {
  /// Asks for a login server, stage by stage. Does not throw: one dead host is data.
  ///
  /// `candidates` are asked where its name does not resolve there.
  func checkServer(
    _ url: ServerURL, candidates: [ServerURL], from host: Host
  ) async -> ReachAnswer
  /// Asks whether a URL answers.
  func checkSource(_ url: String, from host: Host) async -> ReachAnswer
}

/// Looks closer at the server than its lists; changes nothing.
package protocol ServerExamining: Sendable {
  /// What meshctl makes of its version, and how long the API key is good for.
  ///
  /// - Throws: `Failure`.
  func examine() async throws -> ServerExamination
}

/// Acts on hosts; only apply is given one.
package protocol HostActing: HostProbing {
  /// Runs an embedded script.
  ///
  /// - Parameters:
  ///   - call: the script and its parameters.
  ///   - secrets: the values of the call's secret files; every one of them is redacted by value from
  ///     the answer.
  ///   - elevation: how to become root when `call.elevated`.
  ///   - host: where.
  /// - Returns: What the script answered, whatever its exit status.
  /// - Throws: `Failure` when the script could not be run to its end (connection, timeout, sudo);
  ///   `CancellationError` when the task was cancelled.
  func run(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], elevation: Elevation, on host: Host
  ) async throws -> RemoteAnswer
  /// Closes shared connections and children; called once at the end of a run.
  func close() async
}

/// How a script becomes root on one host, decided from facts and inventory.
package enum Elevation: Sendable {
  case none
  case root
  case sudo
  case doas
  case sudoPassword(Secret)
}

/// What observing gets: no writing method exists here (design law 1).
package struct ReadOnlyPorts: Sendable {
  package var control: any ControlPlaneReading
  package var hosts: any HostProbing

  package init(control: any ControlPlaneReading, hosts: any HostProbing) {
    self.control = control
    self.hosts = hosts
  }
}

/// What applying gets.
package struct Ports: Sendable {
  package var control: any ControlPlane
  package var hosts: any HostActing
  package var events: any EventSink
  package var keys: any KeyLedger
  package var passwords: any PasswordSource
  package var bootstrap: any SSHBootstrapping
  package var clock: any EngineClock
  package var names: any NameResolving
  package var attempts: any AttemptMemory

  package init(
    control: any ControlPlane, hosts: any HostActing, events: any EventSink,
    keys: any KeyLedger, passwords: any PasswordSource, bootstrap: any SSHBootstrapping,
    clock: any EngineClock, names: any NameResolving,
    attempts: any AttemptMemory = NoAttempts()
  ) {
    self.control = control
    self.hosts = hosts
    self.events = events
    self.keys = keys
    self.passwords = passwords
    self.bootstrap = bootstrap
    self.clock = clock
    self.names = names
    self.attempts = attempts
  }

  package var readOnly: ReadOnlyPorts { ReadOnlyPorts(control: control, hosts: hosts) }
}

/// Remembers the ids of keys in flight (in the lock file), so that the next run can expire what a
/// kill left (design law 7).
package protocol KeyLedger: Sendable {
  /// Writes down that a key with this expiration is about to be made.
  func announce(_ expiration: Timestamp) async throws
  /// The key's id is known now, or it was never made.
  func withdraw(_ expiration: Timestamp) async throws
  /// Expirations of keys that an earlier run announced and never got the ids of.
  func announcedBefore() async throws -> [Timestamp]
  func add(keyID: String) async throws
  func remove(keyID: String) async throws
  /// Ids that an earlier run left.
  func leftOver() async throws -> [String]
}

/// Reads become passwords; asked at most once a host and run.
package protocol PasswordSource: Sendable {
  /// Nil where the inventory names none and none was asked for.
  ///
  /// - Throws: `Failure` when the named source cannot be read.
  func becomePassword(for host: Host) async throws -> Secret?
}

/// The time, as data for the engine.
package protocol EngineClock: Sendable {
  func now() -> Timestamp
  func sleep(seconds: Double) async throws
}
