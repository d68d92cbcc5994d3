package import MeshCore
package import MeshEngine
import Synchronization

/// A Headscale server as the control plane, over any of the ways in (reference headscale-api.md).
///
/// Reads are tried again on transient trouble where the way in knows any; writes never are. Where a
/// write's fate is unclear the lists are read again, and the write counts as done when the goal state
/// holds. Call `close()` once at the end of a run.
package final class HeadscaleControl: ControlPlane {
  /// The server's version and how to speak to it.
  struct Server: Sendable {
    var version: HeadscaleVersion
    var dialect: HeadscaleDialect
  }

  let way: any HeadscaleWay
  private let server = Mutex<Server?>(nil)

  init(_ way: any HeadscaleWay) { self.way = way }

  /// Prepares the way in that was chosen; opens no connection and runs nothing.
  ///
  /// - Parameters:
  ///   - access: where the server is; relative paths in it are relative to the working directory.
  ///   - key: the API key, where the way needs one; one final newline is cut off.
  ///   - environment: of this process.
  ///   - withheld: variables that hold secrets and are not passed to commands.
  /// - Throws: `Failure` for a malformed key, an unreadable `caFile` or a path that no socket has.
  package convenience init(
    _ access: APIAccess, key: Secret?, environment: [String: String],
    withheld: Set<String> = [APIAccess.keyVariable]
  ) throws(Failure) {
    switch access.way {
    case .rest:
      guard let key else {
        throw Failure(.apiKeyMissing, "there is no API key", hint: APIAccess.howToGetAKey)
      }
      self.init(
        try HeadscaleREST(
          url: access.url, key: key, keyOrigin: access.keyOrigin, caFile: access.caFile))
    case .socket(let path):
      self.init(try HeadscaleREST(socket: path, url: access.url))
    case .command(let words):
      self.init(
        HeadscaleCLI(
          LocalHeadscale(
            words: words, environment: environment.filter { !withheld.contains($0.key) }),
          url: access.url))
    case .ssh(let login):
      self.init(
        HeadscaleCLI(RemoteHeadscale(login: login, environment: environment), url: access.url))
    }
  }

  /// Closes all connections.
  package func close() async { await way.close() }

  // MARK: Reading

  package func identify() async throws -> ServerIdentity {
    let server = try await speaking { try await $0.detectServer() }
    remembered = server
    return ServerIdentity(url: way.serverURL, version: server.version.description)
  }

  /// Warnings about this server, for example that its version is untested.
  package func notices() async throws -> [Diagnostic] {
    let server = try await speaking { try await $0.knownServer() }
    return [server.dialect.notice(server.version)].compactMap(\.self)
  }

  package func nodes() async throws -> NodeList { try await reading { try await $0.nodes() } }

  package func users() async throws -> [MeshUser] { try await reading { try await $0.users() } }

  package func policy() async throws -> PolicyState {
    try await reading { try await $0.policy() }
  }

  // MARK: Pieces that reading and writing share

  /// Turns the adapter's own errors into what the port promises to throw.
  func speaking<Value: Sendable>(
    _ body: (HeadscaleControl) async throws -> Value
  ) async throws -> Value {
    do {
      return try await body(self)
    } catch let problem as APIProblem {
      throw problem.failure
    }
  }

  /// Reads once the version is known to be readable.
  private func reading<Value: Sendable>(
    _ body: (any HeadscaleWay) async throws -> Value
  ) async throws -> Value {
    try await speaking { control in
      _ = try await control.knownServer()
      return try await body(control.way)
    }
  }

  /// The server's version, asked for once.
  func knownServer() async throws -> Server {
    if let known = remembered { return known }
    let found = try await detectServer()
    remembered = found
    return found
  }

  private func detectServer() async throws -> Server {
    let version = try await way.version()
    return Server(version: version, dialect: try HeadscaleDialect.select(version: version))
  }

  /// Never inlined: with the lock's closures inside an async function that throws, the optimizer of
  /// Swift 6.3.1 crashes (splitting the coroutine `knownServer`).
  private var remembered: Server? {
    @inline(never) get { server.withLock { $0 } }
    @inline(never) set { server.withLock { $0 = newValue } }
  }
}
