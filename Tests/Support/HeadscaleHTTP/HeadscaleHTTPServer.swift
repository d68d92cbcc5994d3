import FlyingFox
import FlyingSocks
import Foundation
import MeshSimulation

/// Serves a `HeadscaleService` on TCP and, where asked, on a unix socket.
package struct HeadscaleHTTPServer: Sendable {
  package enum Place: Sendable {
    /// An IPv4 address; port 0 lets the kernel choose.
    case tcp(address: String, port: UInt16)
    /// A path; what stands there is replaced.
    case unix(path: String)
  }

  private let server: HTTPServer
  private let place: Place

  /// Prepares a server that does not listen yet.
  ///
  /// - Parameters:
  ///   - service: What answers.
  ///   - place: Where it listens.
  ///   - latency: Seconds every answer is held back, for benchmarks.
  /// - Throws: `SocketError` where the address is none.
  package init(_ service: HeadscaleService, at place: Place, latency: Double = 0) throws {
    let handler = ServiceHandler(service: service, isLocal: place.isLocal, latency: latency)
    self.place = place
    switch place {
    case .tcp(let address, let port):
      server = HTTPServer(
        address: try .inet(ip4: address, port: port), logger: .disabled, handler: handler)
    case .unix(let path):
      server = HTTPServer(address: .unix(path: path), logger: .disabled, handler: handler)
    }
  }

  /// Serves until the task is cancelled or `stop()` is called.
  package func run() async throws {
    if case .unix(let path) = place, FileManager.default.fileExists(atPath: path) {
      try FileManager.default.removeItem(atPath: path)
    }
    guard case .unix(let path) = place else { return try await server.run() }
    try await withThrowingTaskGroup { group in
      group.addTask { try await server.run() }
      try await server.waitUntilListening(timeout: 10)
      // The socket asks for no key, so who may open it decides.
      try FileManager.default.setAttributes([.posixPermissions: 0o770], ofItemAtPath: path)
      try await group.waitForAll()
    }
  }

  package func stop() async {
    await server.stop(timeout: 1)
    if case .unix(let path) = place { unlink(path) }
  }

  package func waitUntilListening() async throws {
    try await server.waitUntilListening(timeout: 10)
  }

  /// The TCP port; nil before it listens and for unix sockets.
  package var port: UInt16? {
    get async {
      if case .ip4(_, let port) = await server.listeningAddress { port } else { nil }
    }
  }
}

extension HeadscaleHTTPServer.Place {
  var isLocal: Bool {
    if case .unix = self { true } else { false }
  }
}

/// Turns FlyingFox's requests into ours and back.
private struct ServiceHandler: HTTPHandler {
  let service: HeadscaleService
  let isLocal: Bool
  let latency: Double

  func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    if latency > 0 { try await Task.sleep(for: .seconds(latency)) }
    let body = try await request.bodyData
    let asked = APIRequest(
      request.method.rawValue, request.target.path(percentEncoded: true),
      query: request.query.map { ($0.name, $0.value) },
      authorization: request.headers[.authorization], contentType: request.headers[.contentType],
      body: String(decoding: body, as: UTF8.self))
    let answer = await service.answer(asked, isLocal: isLocal)
    var headers: HTTPHeaders = [.date: HTTPDate.text(await service.now)]
    if let type = answer.contentType { headers[.contentType] = type }
    if !answer.allowed.isEmpty {
      headers[HTTPHeader("Allow")] = answer.allowed.joined(separator: ", ")
    }
    if answer.isFromGRPC {
      headers[HTTPHeader("Grpc-Metadata-Content-Type")] = "application/grpc"
    }
    if !isLocal, await service.mode.rules.sendsSecurityHeaders {
      headers[HTTPHeader("Content-Security-Policy")] = "frame-ancestors 'none'"
      headers[HTTPHeader("Referrer-Policy")] = "no-referrer"
      headers[HTTPHeader("X-Content-Type-Options")] = "nosniff"
      headers[HTTPHeader("X-Frame-Options")] = "DENY"
    }
    return HTTPResponse(
      statusCode: HTTPStatusCode(answer.status, phrase: StatusPhrase.text(answer.status)),
      headers: headers, body: Data(answer.body.utf8))
  }
}
