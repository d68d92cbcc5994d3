#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
package import MeshCore
package import MeshEngine
import Synchronization

/// The Headscale REST API as the control plane (reference headscale-api.md).
///
/// Reads are tried again on transient trouble; writes never are. Where a write's fate is unclear the
/// lists are read again, and the write counts as done when the goal state holds. Call `close()` once
/// at the end of a run.
package final class HeadscaleREST: ControlPlane {
  /// Time limits and retries; others than the standard ones are for tests.
  package struct Limits: Sendable {
    /// Seconds to connect, TLS included in `total` only.
    package var connect: Double
    /// Seconds for one try from start to last byte.
    package var total: Double
    var retry: ReadRetry

    /// Sets the limits in seconds; `retryDelays` come before each further try of a read.
    package init(connect: Double = 10, total: Double = 30, retryDelays: [Double]? = nil) {
      self.connect = connect
      self.total = total
      retry = retryDelays.map { ReadRetry(delays: $0) } ?? .standard
    }
  }

  /// The server's version and how to speak to it.
  struct Server: Sendable {
    var version: HeadscaleVersion
    var dialect: HeadscaleDialect
  }

  let transport: APITransport
  let clock = ServerClock()
  private let server = Mutex<Server?>(nil)

  /// Prepares the way in; opens no connection.
  ///
  /// - Parameters:
  ///   - url: where the API is; `/api/v1/…` is appended.
  ///   - key: the API key; one final newline is cut off.
  ///   - keyOrigin: where the key came from, for messages: `HEADSCALE_API_KEY`, `the file ops.key`.
  ///   - caFile: a PEM file of authorities to trust instead of the system's; an absolute path or
  ///     one relative to the working directory.
  ///   - limits: time limits; others than the standard ones are for tests.
  /// - Throws: `Failure` for a malformed key or an unreadable `caFile`.
  package init(
    url: ServerURL, key: Secret, keyOrigin: String, caFile: String? = nil,
    limits: Limits = Limits()
  ) throws(Failure) {
    transport = try APITransport(
      url: url, key: try APIKey.checked(key, origin: keyOrigin), keyOrigin: keyOrigin,
      caFile: caFile, limits: limits, clock: clock)
  }

  /// Closes all connections.
  package func close() async { await transport.close() }

  // MARK: Reading

  package func identify() async throws -> ServerIdentity {
    let server = try await speaking { try await $0.detectServer() }
    remembered = server
    return ServerIdentity(url: transport.url.normalized, version: server.version.description)
  }

  /// Warnings about this server, for example that its version is untested.
  package func notices() async throws -> [Diagnostic] {
    let server = try await speaking { try await $0.knownServer() }
    return [server.dialect.notice(server.version)].compactMap(\.self)
  }

  package func nodes() async throws -> NodeList {
    try await speaking { rest in
      _ = try await rest.knownServer()
      return try await rest.listNodes()
    }
  }

  package func users() async throws -> [MeshUser] {
    try await speaking { rest in
      _ = try await rest.knownServer()
      return try await rest.listUsers()
    }
  }

  package func policy() async throws -> PolicyState {
    try await speaking { rest in
      _ = try await rest.knownServer()
      let answer = try await rest.transport.send(HeadscaleRequests.policy)
      if answer.status == 500,
        WireProblem.words(in: answer.body)?.contains("acl policy not found") == true
      {
        return .none
      }
      let policy: WirePolicy = try rest.decode(answer, of: HeadscaleRequests.policy)
      return PolicyText.state(of: policy.policy ?? "")
    }
  }

  // MARK: Pieces that reading and writing share

  /// Turns the adapter's own errors into what the port promises to throw.
  func speaking<Value: Sendable>(
    _ body: (HeadscaleREST) async throws -> Value
  ) async throws -> Value {
    do {
      return try await body(self)
    } catch let problem as APIProblem {
      throw problem.failure
    }
  }

  /// The server's version, asked for once.
  func knownServer() async throws -> Server {
    if let known = remembered { return known }
    let found = try await detectServer()
    remembered = found
    return found
  }

  /// Never inlined: with the lock's closures inside an async function that throws, the optimizer of
  /// Swift 6.3.1 crashes (splitting the coroutine `knownServer`).
  private var remembered: Server? {
    @inline(never) get { server.withLock { $0 } }
    @inline(never) set { server.withLock { $0 = newValue } }
  }

  func listNodes() async throws -> NodeList {
    let answer = try await transport.send(HeadscaleRequests.nodes)
    let list: WireNodeList = try decode(answer, of: HeadscaleRequests.nodes)
    return NodeList(nodes: list.nodes, serverTime: answer.serverTime)
  }

  func listUsers() async throws -> [MeshUser] {
    let answer = try await transport.send(HeadscaleRequests.users)
    let list: WireUserList = try decode(answer, of: HeadscaleRequests.users)
    return list.users
  }

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
