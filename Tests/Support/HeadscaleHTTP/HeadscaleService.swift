package import MeshCore
package import MeshSimulation

/// The simulated server behind HTTP: one actor that owns it and answers one request after the other.
package actor HeadscaleService {
  /// Seconds a stand-in client counts as online after its last map request.
  static let lease: Int64 = 3

  var server: SimulatedHeadscale
  private let clock: @Sendable () -> Timestamp
  /// Where clients say that they are reached, by node key; forgotten with the process, as by the real one.
  var endpoints: [String: [String]] = [:]
  /// Counts changes worth saving; polls that change nothing but the time do not count.
  package private(set) var revision = 0
  /// What `/version` names instead of the mode's version, such as `dev`.
  private let namedVersion: String?
  /// The last node list, so that a benchmark does not measure this server's encoding.
  private var listed: (revision: Int, answer: APIResponse)?

  /// Makes a server answer requests.
  ///
  /// - Parameters:
  ///   - server: What it knows at the beginning.
  ///   - namedVersion: What `/version` says; nil for the version of the mode. Self-built servers say
  ///     `dev`.
  ///   - clock: The server's time.
  package init(
    _ server: SimulatedHeadscale, namedVersion: String? = nil,
    clock: @escaping @Sendable () -> Timestamp
  ) {
    self.server = server
    self.namedVersion = namedVersion
    self.clock = clock
  }

  package var now: Timestamp { clock() }

  /// The server's state, to be saved; it holds keys.
  package var state: SimulatedHeadscale { server }

  package var mode: Mode { server.mode }

  /// Looks at the server or changes it, as another program would.
  package func withServer<Result: Sendable>(
    _ body: @Sendable (inout SimulatedHeadscale, Timestamp) throws -> Result
  ) rethrows -> Result {
    defer { revision += 1 }
    return try body(&server, now)
  }

  var wire: WireJSON { WireJSON(server.rules) }

  /// Answers one request.
  ///
  /// - Parameters:
  ///   - request: What was asked.
  ///   - isLocal: true on the unix socket, which asks for no key and serves the command line; the API
  ///     itself is there from 0.30 on only (before, the socket speaks gRPC).
  /// - Returns: The answer, errors included.
  package func answer(_ request: APIRequest, isLocal: Bool = false) -> APIResponse {
    do throws(SimulatedServerError) {
      return try route(request, isLocal: isLocal)
    } catch {
      return server.rules.generation == .problems ? .problem(error) : .failure(error)
    }
  }

  private func route(
    _ request: APIRequest, isLocal: Bool
  ) throws(SimulatedServerError) -> APIResponse {
    let parts = request.path.split(separator: "/").map { Percent.decoded(String($0)) }
    switch (request.method, parts.first) {
    case (_, "api") where parts.count >= 2 && parts[1] == "v1":
      return try api(request, Array(parts.dropFirst(2)), isLocal: isLocal)
    case (_, "command-line") where isLocal && parts.count == 1:
      return try commandLine(request)
    // Nothing else is on the socket.
    case _ where isLocal: return .notFoundPage
    case ("GET", "health") where parts.count == 1:
      return APIResponse(
        status: 200, contentType: "application/health+json; charset=utf-8",
        body: "{\"status\":\"pass\"}\n")
    case ("GET", "version") where parts.count == 1:
      guard server.rules.hasVersionPage else { return .emptyNotFound }
      return .json(wire.version(named: namedVersion))
    case ("GET", "swagger")
    where parts == ["swagger", "v1", "openapiv2.json"] && server.rules.generation == .gateway:
      return APIDescription.swagger(server.rules)
    case ("GET", "key") where parts.count == 1: return key(request)
    // The embedded relay, to whoever does not ask for its protocol.
    case ("GET", "derp") where parts.count == 1:
      return APIResponse(
        status: 426, contentType: "text/plain; charset=utf-8",
        body: "DERP requires connection upgrade\n")
    case ("POST", "standin") where parts.count == 2:
      return try standIn(parts[1], APIBody(request.body))
    default: return .notFoundPage
    }
  }

  private func api(
    _ request: APIRequest, _ parts: [String], isLocal: Bool
  ) throws(SimulatedServerError) -> APIResponse {
    let generation = server.rules.generation
    switch generation {
    case .gateway:
      // gRPC, which is no HTTP/1.1 at all.
      guard !isLocal else { return .notFoundPage }
      if let refusal = authorizationRefusal(request) { return refusal }
    case .problems:
      if request.method == "GET", parts.count == 1,
        let page = APIDescription.openAPI(parts[0])
      {
        return page
      }
      switch HumaOperation.match(request.method, parts) {
      case .unknown: return .notFoundPage
      case .otherMethods(let methods): return .methodNotAllowed(methods)
      case .operation(let operation):
        guard isLocal || isAuthorized(request) else { throw .problem(401, "Unauthorized") }
        try StrictBody.check(request, for: operation)
      }
    }
    let call = APICall(request: request, parts: parts, generation: generation)
    let before = revision
    defer { if request.method != "GET" { revision = before + 1 } }
    var response = try answer(call)
    if generation == .problems { response.isFromGRPC = false }
    return response
  }

  private func authorizationRefusal(_ request: APIRequest) -> APIResponse? {
    guard !isAuthorized(request) else { return nil }
    let hasKey = request.authorization?.hasPrefix("Bearer ") ?? false
    return hasKey && server.rules.failsOnUnknownAPIKeys ? .failedAuthorization : .unauthorized
  }

  private func isAuthorized(_ request: APIRequest) -> Bool {
    guard let header = request.authorization, header.hasPrefix("Bearer ") else { return false }
    return server.isValidAPIKey(String(header.dropFirst("Bearer ".count)), now: now)
  }

  /// The server's noise key; real clients send their capability version.
  private func key(_ request: APIRequest) -> APIResponse {
    guard request.parameter("v") != nil else {
      return APIResponse(
        status: 400, contentType: "text/plain; charset=utf-8", body: "Bad request\n")
    }
    let key = JSONValue.string("mkey:" + String(repeating: "5", count: 64))
    return .json(["legacyPublicKey": key, "publicKey": key])
  }

  func touched() { revision += 1 }

  /// The list of all nodes, kept while nothing in it can have changed.
  func nodeList() throws(SimulatedServerError) -> APIResponse {
    if let listed, listed.revision == revision { return listed.answer }
    let views = try server.listNodes(now: now)
    let answer = APIResponse.success(["nodes": .array(views.map { wire.node($0) })])
    let dependsOnTime = server.nodes.contains {
      if case .until = $0.presence { true } else { false }
    }
    listed = dependsOnTime ? nil : (revision, answer)
    return answer
  }
}
