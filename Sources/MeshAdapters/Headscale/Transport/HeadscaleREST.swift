#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import MeshCore
import MeshEngine

/// The REST API as a way in, over TCP with a key or over a unix socket without one.
struct HeadscaleREST: HeadscaleWay {
  /// Time limits in seconds, and retries; others than the standard ones are for tests.
  struct Limits: Sendable {
    /// To connect; shorter than `first`, so that a dropped connection is told as such.
    var connect: Double = 8
    /// Until the first byte of a small read.
    ///
    /// Lists may take `total`: a server with a hundred thousand nodes thinks before it speaks.
    var first: Double = 10
    /// One try, from start to last byte.
    var total: Double = 30
    /// All tries of one read together.
    var all: Double = 30
    var retry = ReadRetry.standard

    /// `retryDelays` come before each further try of a read.
    init(
      connect: Double = 8, first: Double = 10, total: Double = 30, all: Double = 30,
      retryDelays: [Double]? = nil
    ) {
      self.connect = connect
      self.first = first
      self.total = total
      self.all = all
      retry = retryDelays.map { ReadRetry(delays: $0) } ?? .standard
    }
  }

  let transport: APITransport
  let isSocket: Bool
  /// Nil where the place asks for none.
  private let key: Secret?
  let serverURL: String
  private let clock = ServerClock()

  /// Prepares the way over TCP; opens no connection.
  ///
  /// - Throws: `Failure` for a malformed key or an unreadable `caFile`.
  init(
    url: ServerURL, key: Secret, keyOrigin: String, caFile: String? = nil,
    limits: Limits = Limits()
  ) throws(Failure) {
    let key = try APIKey.checked(key, origin: keyOrigin)
    transport = try APITransport(
      base: url.normalized, origin: url.origin, key: key,
      words: APIWords(url: url, key: key, keyOrigin: keyOrigin, hasCAFile: caFile != nil),
      caFile: caFile, limits: limits, clock: clock)
    isSocket = false
    self.key = key
    serverURL = url.normalized
  }

  /// Prepares the way over a unix socket of Headscale 0.30 or later, which asks for no key.
  ///
  /// - Throws: `Failure` for a path longer than a socket's can be.
  init(socket path: String, url: ServerURL, limits: Limits = Limits()) throws(Failure) {
    // sockaddr_un holds 108 bytes on Linux and 104 on macOS, one of them the final NUL.
    guard path.utf8.count < 104 else {
      throw Failure(
        .apiURL, "the path of server.api.socket is longer than a socket's can be: 103 bytes",
        evidence: String(path.prefix(200)), hint: "make a symbolic link with a shorter path")
    }
    let base = "http+unix://" + APIRequest.segment(path)
    transport = try APITransport(
      base: base, origin: base, key: nil, words: APIWords(url: url, socket: path), caFile: nil,
      limits: limits, clock: clock)
    isSocket = true
    key = nil
    serverURL = url.normalized
  }

  func close() async { await transport.close() }

  func now() -> Timestamp { clock.now() }

  // MARK: Reading

  func nodes() async throws -> NodeList {
    let answer = try await transport.send(HeadscaleRequests.nodes)
    let list: WireNodeList = try decode(answer, of: HeadscaleRequests.nodes)
    if let lack = list.nodes.lack {
      throw APIProblem(
        .unclear,
        transport.words.badAnswer(
          lack, to: HeadscaleRequests.nodes.purpose, excerpt: answer.excerpt))
    }
    return NodeList(nodes: list.nodes, serverTime: answer.serverTime)
  }

  func users() async throws -> [MeshUser] {
    let answer = try await transport.send(HeadscaleRequests.users)
    let list: WireUserList = try decode(answer, of: HeadscaleRequests.users)
    return list.users
  }

  func policy() async throws -> PolicyState {
    let answer = try await transport.send(HeadscaleRequests.policy)
    if answer.status == 500, PolicyText.isMissing(WireProblem.words(in: answer.body)) {
      return .none
    }
    let policy: WirePolicy = try decode(answer, of: HeadscaleRequests.policy)
    return PolicyText.state(of: policy.policy ?? "")
  }

  func keys() async throws -> [WirePreAuthKey] {
    let answer = try await transport.send(HeadscaleRequests.keys)
    let list: WireKeyList = try decode(answer, of: HeadscaleRequests.keys, isSecret: true)
    return list.preAuthKeys ?? []
  }

  func apiKey() async throws -> APIKeyState {
    guard let key else { return .notNeeded("the socket asks for none") }
    let answer = try await transport.send(HeadscaleRequests.apiKeys)
    let list: WireAPIKeyList = try decode(answer, of: HeadscaleRequests.apiKeys, isSecret: true)
    return list.entry(of: key).map { .expires($0.expiration) } ?? .unlisted
  }

  // MARK: Writing

  func send(_ change: HeadscaleChange) async throws {
    let answer = try await transport.send(HeadscaleRequests.request(for: change))
    if answer.isSuccess, !answer.isPage { return }
    if answer.isSuccess { throw APIProblem(.unclear, transport.words.notHeadscale(answer)) }
    let isProblem = WireProblem.words(in: answer.body) != nil
    let problem = transport.words.problem(answer, to: change.purpose)
    // "Not Found" alone is what 0.29 says of an unknown path; behind a known one it is 0.30's word
    // for an unknown key.
    if case .expireKey = change, answer.status == 404, isProblem {
      throw APIProblem(
        problem.reach,
        Failure(
          .apiRefused, "Headscale knows no such key", hint: "list them: headscale preauthkeys list")
      )
    }
    throw problem
  }

  /// Server time plus the lifetime, with a random fraction that tells this key from all others.
  ///
  /// Microseconds, because PostgreSQL keeps no more; never zero, so that it is always written.
  func uniqueExpiration(lifetime: Int) -> Timestamp {
    let seconds = clock.now().seconds + Int64(min(max(lifetime, 1), 900))
    return Timestamp(seconds: seconds, nanoseconds: Int32.random(in: 1...999_999) * 1000)
  }

  func mint(_ wish: KeyWish) async throws -> MintedKey {
    let call = try HeadscaleRequests.createKey(
      CreateKeyBody(user: wish.user, expiration: wish.expiration.rfc3339, aclTags: wish.tags))
    let created: WireCreatedKey = try decode(
      try await transport.send(call), of: call, isSecret: true)
    let key = created.preAuthKey
    guard key.isUsable else {
      throw APIProblem(
        .unclear, transport.words.badAnswer("the key in it is not a whole key", to: call.purpose))
    }
    return MintedKey(id: key.id, key: key.key, expiration: key.expiration ?? wish.expiration)
  }

  func isKey(_ key: WirePreAuthKey, of expiration: Timestamp) -> Bool {
    key.expiration == expiration
  }

  // MARK: Pieces

  /// Decodes a success, or throws the problem that the answer is.
  ///
  /// Where `isSecret` the body may hold a key, and nothing of it is quoted.
  func decode<Value: Decodable>(
    _ answer: APIAnswer, of request: APIRequest, isSecret: Bool = false
  ) throws(APIProblem) -> Value {
    guard answer.isSuccess else { throw transport.words.problem(answer, to: request.purpose) }
    do {
      return try JSONDecoder().decode(Value.self, from: answer.body)
    } catch {
      if answer.isPage { throw APIProblem(.unclear, transport.words.notHeadscale(answer)) }
      throw APIProblem(
        .unclear,
        transport.words.badAnswer(
          DecodingTrouble.words(error, in: answer.body), to: request.purpose,
          excerpt: isSecret ? nil : answer.excerpt))
    }
  }
}
