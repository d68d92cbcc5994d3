/// What the server said, judged.
package struct DoctorServer: Sendable {
  package var inventory: Inventory
  /// Where the API is, for words.
  package var url: String
  package var identity: Result<ServerIdentity, Failure>
  /// Nil where nothing was asked any more.
  package var nodes: Result<NodeListing, Failure>?
  package var policy: Result<PolicyState, Failure>?
  package var examination: Result<ServerExamination, Failure>?

  /// The list with both clocks.
  package struct NodeListing: Sendable, Equatable {
    package var nodes: [MeshNode]
    package var serverTime: Timestamp?
    package var localTime: Timestamp

    package init(nodes: [MeshNode], serverTime: Timestamp?, localTime: Timestamp) {
      self.nodes = nodes
      self.serverTime = serverTime
      self.localTime = localTime
    }
  }

  package init(
    inventory: Inventory, url: String, identity: Result<ServerIdentity, Failure>,
    nodes: Result<NodeListing, Failure>? = nil, policy: Result<PolicyState, Failure>? = nil,
    examination: Result<ServerExamination, Failure>? = nil
  ) {
    self.inventory = inventory
    self.url = url
    self.identity = identity
    self.nodes = nodes
    self.policy = policy
    self.examination = examination
  }

  /// Seconds before its end at which a key is said to run out.
  static let keyWarning: Int64 = 14 * 86_400
  /// Seconds that clocks may differ unsaid, and without failing.
  static let clockTolerance: Int64 = 30
  static let clockLimit: Int64 = 300

  package var checks: [DoctorCheck] {
    [
      .pass(
        .inventory, "\(Count.of(inventory.hosts.count, "host")) in \(inventory.path), no error"),
      api, key, version, policyCheck, clock,
    ]
  }

  // MARK: Reach and key

  private var firstFailure: Diagnostic? {
    if case .failure(let failure) = identity { return failure.diagnostic }
    if case .failure(let failure)? = nodes { return failure.diagnostic }
    return nil
  }

  private static func isAboutKey(_ finding: Diagnostic) -> Bool {
    let code = finding.code.rawValue
    return code.hasPrefix("MESH-API-KEY") || code.hasPrefix("MESH-SECRET")
  }

  private var api: DoctorCheck {
    guard let finding = firstFailure else { return .pass(.api, "\(url) answers") }
    switch finding.code {
    case .apiVersionTooOld: return .pass(.api, "\(url) answers")
    case .apiKeyRefused: return .pass(.api, "\(url) answers, and refuses the key")
    default:
      return DoctorServer.isAboutKey(finding)
        ? .unknown(.api, "not asked, because there is no usable key") : .fail(.api, finding)
    }
  }

  private var key: DoctorCheck {
    if let finding = firstFailure {
      return DoctorServer.isAboutKey(finding)
        ? .fail(.apiKey, finding) : .unknown(.apiKey, "not known without an answer of the API")
    }
    switch examination {
    case .success(let found)?: return key(found.key)
    case .failure(let failure)?:
      return .unknown(
        .apiKey, "it works; when it runs out could not be read", finding: failure.diagnostic)
    case nil: return .unknown(.apiKey, "not asked")
    }
  }

  private func key(_ state: APIKeyState) -> DoctorCheck {
    switch state {
    case .notNeeded(let why): return .pass(.apiKey, "not needed: \(why)")
    case .unlisted: return .unknown(.apiKey, "it works; the list of keys does not show its end")
    case .expires(nil): return .pass(.apiKey, "it works and never runs out")
    case .expires(let end?):
      let day = end.rfc3339.prefix(10)
      guard case .success(let list)? = nodes else { return .unknown(.apiKey, "not asked") }
      let left = end.seconds(since: list.serverTime ?? list.localTime)
      let days = left / 86_400
      let words = "it works until \(day), \(days) d from now"
      guard left < DoctorServer.keyWarning else { return .pass(.apiKey, words) }
      return .pass(
        .apiKey, words,
        warning: Diagnostic(
          .doctorKeyEnds, .warning, "the API key runs out on \(day)",
          detail: "From then on every run fails before it does anything.",
          hint: "on the server: headscale apikeys create --expiration 90d"))
    }
  }

  // MARK: Version, policy, clock

  private var version: DoctorCheck {
    if let finding = firstFailure, finding.code == .apiVersionTooOld {
      return .fail(.serverVersion, finding)
    }
    guard case .success(let server) = identity else {
      return .unknown(.serverVersion, "not known without an answer of the API")
    }
    let words = server.version.map { "Headscale \($0)" } ?? "Headscale of unknown version"
    guard case .success(let found)? = examination, let support = found.support else {
      return .pass(.serverVersion, words)
    }
    return support.severity == .error
      ? .fail(.serverVersion, support) : .pass(.serverVersion, words, warning: support)
  }

  private var policyCheck: DoctorCheck {
    switch policy {
    case .success(.tagOwners(let tags))?:
      return .pass(.policy, "readable, owners for \(Count.of(tags.count, "tag"))")
    case .success(.none)?:
      let words = "the server has none, so everybody reaches everybody"
      let tagged = inventory.hosts.filter { if case .tags? = $0.ownership { true } else { false } }
      guard let first = tagged.first else { return .pass(.policy, words) }
      return .pass(
        .policy, words,
        warning: Diagnostic(
          .doctorPolicy, .warning,
          "\(Count.of(tagged.count, "host")) with tags, \(first.key) for one, and no tagOwners",
          detail: "They can join with their tags; later changes of tags are refused.",
          hint: "add tagOwners to the policy: headscale policy set -f FILE"))
    case .success(.unreadable(let why))?:
      return .fail(
        .policy,
        Diagnostic(
          .doctorPolicy, .error, "the policy cannot be read as HuJSON",
          detail: "Whether tags may be set is not known then.", evidence: why,
          hint: "headscale policy get"))
    case .success(.unknown)?: return .unknown(.policy, "this way in does not show it")
    case .failure(let failure)?: return .fail(.policy, failure.diagnostic)
    case nil: return .unknown(.policy, "not known without an answer of the API")
    }
  }

  private var clock: DoctorCheck {
    guard case .success(let list)? = nodes else {
      return .unknown(.clock, "not known without an answer of the API")
    }
    guard let theirs = list.serverTime else {
      return .unknown(.clock, "this way in does not show the server's clock")
    }
    let skew = theirs.seconds(since: list.localTime)
    // An HTTP date has whole seconds, and the answer takes its time.
    guard skew.magnitude > 2 else { return .pass(.clock, "the server's clock agrees") }
    let words = "the server's clock is \(skew.magnitude) s \(skew > 0 ? "ahead" : "behind")"
    guard skew.magnitude > UInt64(DoctorServer.clockTolerance) else { return .pass(.clock, words) }
    let isFar = skew.magnitude > UInt64(DoctorServer.clockLimit)
    let finding = Diagnostic(
      .doctorClock, isFar ? .error : .warning, words,
      detail: "Ages and keys count by the server's clock; certificates and logs by each machine's.",
      hint: "set both by NTP: timedatectl")
    return isFar ? .fail(.clock, finding) : .pass(.clock, words, warning: finding)
  }
}
