import MeshCore
import Testing

@testable import MeshAdapters

/// The key that no error text may hold.
let testKey = "hskey-api-abcdefghijkl-0123456789ABCDEF"

/// Runs `body` with an adapter for the server; closes it afterwards.
func withREST<Value>(
  port: Int, scheme: String = "http", host: String = "127.0.0.1", caFile: String? = nil,
  limits: HeadscaleREST.Limits = .init(
    connect: 20, first: 30, total: 30, all: 90, retryDelays: [0.01, 0.01]),
  _ body: (HeadscaleControl) async throws -> Value
) async throws -> Value {
  let url = try #require(ServerURL("\(scheme)://\(host):\(port)"))
  let rest = HeadscaleControl(
    try HeadscaleREST(
      url: url, key: Secret(testKey), keyOrigin: "HEADSCALE_API_KEY", caFile: caFile,
      limits: limits))
  do {
    let value = try await body(rest)
    await rest.close()
    return value
  } catch {
    await rest.close()
    throw error
  }
}

/// The failure of `body`; its texts are checked to hold no key and one line of evidence.
func failure<Value>(
  of body: () async throws -> Value, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> Diagnostic {
  let failure = await #expect(throws: Failure.self, sourceLocation: sourceLocation) {
    _ = try await body()
  }
  let diagnostic = try #require(failure, sourceLocation: sourceLocation).diagnostic
  check(diagnostic, sourceLocation: sourceLocation)
  return diagnostic
}

func check(_ diagnostic: Diagnostic, sourceLocation: SourceLocation = #_sourceLocation) {
  let texts = [diagnostic.message, diagnostic.detail, diagnostic.evidence, diagnostic.hint]
    .compactMap(\.self)
  for text in texts {
    #expect(!text.contains(testKey), sourceLocation: sourceLocation)
    #expect(!text.contains("0123456789ABCDEF"), sourceLocation: sourceLocation)
  }
  #expect(diagnostic.code.rawValue.hasPrefix("MESH-"), sourceLocation: sourceLocation)
  #expect((diagnostic.evidence?.count ?? 0) <= 200, sourceLocation: sourceLocation)
  #expect(diagnostic.evidence?.contains("\n") != true, sourceLocation: sourceLocation)
  #expect(diagnostic.hint?.isEmpty == false, sourceLocation: sourceLocation)
}

/// Replays the recorded answers of one version by method and path, as far as there are any.
func replay(_ version: String) -> HeadscaleTestServer.Responder {
  { request in
    if !request.uri.hasPrefix("/version"), !request.uri.hasPrefix("/swagger"),
      request.headers["authorization"] != "Bearer \(testKey)"
    {
      return .answer(401, "Unauthorized", headers: ["Content-Type: text/plain; charset=utf-8"])
    }
    let found = HeadscaleFixtures.exchanges.first {
      $0.version == version && $0.method == request.method && $0.path == request.uri
    }
    guard let found, let body = try? found.body() else {
      return .answer(404, #"{"code":5,"message":"Not Found","details":[]}"#)
    }
    return .answer(found.status, String(decoding: body, as: UTF8.self))
  }
}

/// A `/version` body.
func versionBody(_ version: String) -> String { #"{"version":"v\#(version)","dirty":false}"# }

extension MeshNode {
  /// A node as the list prints it, for servers made up by tests.
  static func json(
    id: String, name: String, tags: String = "", approved: String = "", expiry: String = "null"
  ) -> String {
    """
    {"id":"\(id)","machineKey":"mkey:1","nodeKey":"nodekey:1","ipAddresses":[],"name":"\(name)",\
    "user":null,"lastSeen":null,"expiry":\(expiry),"createdAt":"2026-01-01T00:00:00Z",\
    "givenName":"\(name)","online":true,"approvedRoutes":[\(approved)],"availableRoutes":[],\
    "subnetRoutes":[],"tags":[\(tags)]}
    """
  }
}
