package import MeshCore
import MeshEngine

/// The one place where the simulated server and all simulated hosts live and meet.
package actor SimulatedWorld {
  package nonisolated let clock: SimulatedClock
  /// What hosts join.
  package nonisolated let serverURL: ServerURL
  /// What the server's names mean here.
  package nonisolated let serverAddresses: [String]
  var server: SimulatedHeadscale
  var hosts: [String: SimulatedHost]
  var random: SeededGenerator
  private var serverURLs: Set<String>
  private var faultPlan: FaultPlan?
  private var isKilled = false
  /// Effects begun so far, those that failed included.
  package private(set) var effectCount = 0
  /// Probes so far: a converged host is never probed (design law 2).
  package private(set) var probeCount = 0

  /// Begins with a saved world, or with a seed, or empty.
  ///
  /// - Parameters:
  ///   - inventoryHosts: hosts the world does not describe are reachable Debian 12 machines with
  ///     `sudo -n` and no client; where the seed has a node that matches by pin, name or alias, the
  ///     host is joined and is that node.
  ///   - serverURL: the inventory's `server.url`; hosts' overrides answer too.
  ///   - world: what an earlier run wrote; wins over the seed.
  ///   - seed: what the server knows at the beginning.
  package init(
    inventoryHosts: [Host], serverURL: ServerURL, world: World? = nil, seed: WorldSeed? = nil
  ) {
    self.serverURL = serverURL
    let addresses = world?.serverAddresses ?? World.defaultAddresses
    serverAddresses = addresses
    let urls = [serverURL] + inventoryHosts.compactMap(\.serverURL)
    serverURLs = Set(urls.flatMap { [$0] + $0.candidates(at: addresses) }.map(\.normalized))
    let seed = seed ?? WorldSeed()
    let start = world?.time ?? seed.time
    clock = SimulatedClock(start)
    let server = world?.server ?? seed.server(at: start)
    var hosts = world?.hosts ?? [:]
    let random = SeededGenerator(seed: (world?.seed ?? seed.randomSeed) &+ 0x5EED)
    WorldSeeding.fill(
      &hosts, for: inventoryHosts, from: server, serverURL: serverURL)
    var desk = Desk(server: server, random: random, serverURLs: serverURLs, now: start)
    for host in inventoryHosts where hosts[host.key]?.desktop.personActs == true {
      if let before = hosts[host.key] { hosts[host.key] = desk.runWaitingScript(on: before) }
    }
    self.server = desk.server
    self.hosts = hosts
    self.random = desk.random
  }

  /// Somebody runs the script that waits on a Windows host.
  package func runWaitingScript(on key: String) {
    guard let host = hosts[key] else { return }
    var desk = Desk(server: server, random: random, serverURLs: serverURLs, now: clock.now())
    hosts[key] = desk.runWaitingScript(on: host)
    (server, random) = (desk.server, desk.random)
  }

  /// What `--world FILE` writes.
  package func world() -> World {
    var world = World(server: server, hosts: hosts, time: clock.now())
    world.serverAddresses = serverAddresses
    return world
  }

  /// Changes the server behind everybody's back, as a person or another program would.
  package func withServer<Result: Sendable>(
    _ body: @Sendable (inout SimulatedHeadscale, Timestamp) throws -> Result
  ) rethrows -> Result {
    try body(&server, clock.now())
  }

  /// Changes a host, for example its faults.
  package func withHost<Result: Sendable>(
    _ key: String, _ body: @Sendable (inout SimulatedHost) throws -> Result
  ) rethrows -> Result {
    try body(&hosts[key, default: SimulatedHost(hostname: key)])
  }

  /// Sets the next accident and counts effects from zero again.
  package func plan(_ fault: FaultPlan?) {
    faultPlan = fault
    effectCount = 0
    probeCount = 0
    isKilled = false
  }

  /// After a kill: the next run of meshctl begins, without accidents.
  package func revive() { plan(nil) }

  // MARK: Effects

  /// Performs one effect, or the accident that was planned for it.
  ///
  /// - Throws: `Failure` where the accident says so, `SimulatedKill` when meshctl is dead.
  private func effect<Result>(_ fault: Failure, _ body: () throws -> Result) throws -> Result {
    guard !isKilled else { throw SimulatedKill() }
    effectCount += 1
    switch faultPlan.flatMap({ $0.effect == effectCount ? $0.kind : nil }) {
    case .fail: throw fault
    case .kill:
      isKilled = true
      throw SimulatedKill()
    case .dropAnswer:
      _ = try body()
      throw fault
    case .killAfter:
      _ = try body()
      isKilled = true
      throw SimulatedKill()
    case nil: return try body()
    }
  }

  /// Changes the server as one effect.
  func change<Result: Sendable>(
    _ fault: Failure,
    _ body: @Sendable (inout SimulatedHeadscale, Timestamp) throws -> Result
  ) throws -> Result {
    try effect(fault) { try body(&server, clock.now()) }
  }

  /// Reads the server.
  func read<Result: Sendable>(
    _ body: @Sendable (SimulatedHeadscale, Timestamp) throws -> Result
  ) throws -> Result {
    guard !isKilled else { throw SimulatedKill() }
    return try body(server, clock.now())
  }

  // MARK: Keys

  /// When a new key is to expire; never the same instant twice.
  func expiration(lifetime: Int) -> Timestamp {
    var end = clock.now().adding(seconds: Int64(lifetime))
    end.nanoseconds = Int32(random.next() % 1_000_000_000)
    return end
  }

  /// Expires the unused key of exactly that expiration, as the live adapter does after an answer got
  /// lost; not an effect of its own.
  func expireUnusedKey(expiring expiration: Timestamp) {
    guard !isKilled else { return }
    for key in server.preAuthKeys where key.expiration == expiration && !key.used {
      server.expirePreAuthKey(key.id, now: clock.now())
    }
  }

  // MARK: Hosts

  /// Runs the probe script as the login user.
  func probe(_ host: Host) throws -> RemoteAnswer {
    guard !isKilled else { throw SimulatedKill() }
    probeCount += 1
    let call = RemoteCall(.probe, elevated: false, timeout: 60)
    return try perform(call, secrets: [:], elevation: .none, on: host).answer
  }

  /// Runs a script that only reads, as the login user; no effect.
  func look(_ call: RemoteCall, on host: Host) throws -> RemoteAnswer {
    guard !isKilled else { throw SimulatedKill() }
    return try perform(call, secrets: [:], elevation: .none, on: host).answer
  }

  /// Runs a script; also says how many seconds it took.
  func run(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], elevation: Elevation, on host: Host
  ) throws -> (answer: RemoteAnswer, seconds: Double) {
    let lost = HostWords.lost(host, during: call.script)
    return try effect(lost) {
      try perform(call, secrets: secrets, elevation: elevation, on: host)
    }
  }

  /// Delivers what enables SSH; a machine that it helps answers from then on.
  func enableSSH(_ way: EnableSSHStep.Way, on host: Host) throws {
    try effect(HostWords.notDelivered(host, evidence: "signal: killed")) {
      var simulated = hosts[host.key] ?? SimulatedHost(hostname: host.key)
      if case .command = way, !simulated.bootstrapWorks {
        throw HostWords.notDelivered(host, evidence: "enable-ssh: FAILED: this needs root")
      }
      if simulated.bootstrapWorks {
        simulated.listens = true
        // setup-ssh-key.ps1 of what is delivered sets the file and its ACL.
        simulated.desktop.keys = .ok
      }
      hosts[host.key] = simulated
    }
  }

  private func perform(
    _ call: RemoteCall, secrets: [SecretSlot: Secret], elevation: Elevation, on host: Host
  ) throws -> (answer: RemoteAnswer, seconds: Double) {
    var simulated = hosts[host.key] ?? SimulatedHost(hostname: host.key)
    guard !simulated.faults.unreachable else { throw HostWords.unreachable(host) }
    guard simulated.listens || host.connection == .local else { throw HostWords.noSSH(host) }
    guard !simulated.refusesLogin(of: host) else {
      throw HostWords.refusedLogin(host, user: simulated.loginUser)
    }
    let isRoot = try simulated.becomesRoot(for: call, by: elevation, host: host)
    let key = call.secretFiles.first { $0.variable == "AUTH_KEY_FILE" }
    var run = ScriptRun(
      call, authKey: key.flatMap { secrets[$0.slot] }?.reveal(), isRoot: isRoot, server: server,
      random: random, serverURLs: serverURLs, now: clock.now())
    run.serverAddress = serverAddresses.first ?? run.serverAddress
    run.os = host.os
    simulated.perform(call.script, &run)
    server = run.server
    random = run.random
    hosts[host.key] = simulated
    if simulated.faults.diesDuring == call.script {
      throw HostWords.lost(host, during: call.script)
    }
    var redactor = Redactor()
    for secret in secrets.values { redactor.learn(secret) }
    let sections = run.sections.mapValues {
      ScriptReport.Section(status: $0.status, text: redactor.redacted($0.text))
    }
    let answer = RemoteAnswer(exitStatus: 0, report: ScriptReport(sections: sections))
    return (answer, run.seconds)
  }
}
