import Foundation
import MeshCore
import MeshEngine
import Testing

@testable import MeshAdapters

@Suite("Headscale REST: over a unix socket")
struct HeadscaleSocketTests {
  private func folder<Value>(_ body: (String) async throws -> Value) async throws -> Value {
    let folder = "/tmp/meshctl-sock-\(UUID().uuidString.prefix(8))"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
  }

  private func withSocket<Value>(
    _ path: String, _ body: (HeadscaleControl) async throws -> Value
  ) async throws -> Value {
    let url = try #require(ServerURL("https://mesh.example.com"))
    let control = HeadscaleControl(
      try HeadscaleREST(
        socket: path, url: url,
        limits: .init(connect: 2, first: 2, total: 5, retryDelays: [0.01])))
    do {
      let value = try await body(control)
      await control.close()
      return value
    } catch {
      await control.close()
      throw error
    }
  }

  /// 0.30 serves nothing but the API on its socket: no `/version`.
  private let current: HeadscaleTestServer.Responder = { request in
    switch (request.method, request.uri) {
    case ("GET", "/api/v1/openapi.yaml"):
      .answer(200, "openapi: 3.1.0\n", headers: ["Content-Type: application/yaml"])
    case ("GET", "/api/v1/node"):
      .answer(200, "{\"nodes\":[\(MeshNode.json(id: "7", name: "web"))]}")
    case ("POST", _), ("DELETE", _): .answer(200, "{}")
    default: .answer(404, "404 page not found\n", headers: ["Content-Type: text/plain"])
    }
  }

  @Test("0.30 is read and written without a key, under a path with odd characters")
  func works() async throws {
    try await folder { folder in
      let path = folder + "/head scale%2F?#.sock"
      try await HeadscaleTestServer.run(socket: path, current) { server in
        try await withSocket(path) { control in
          let identity = try await control.identify()
          #expect(
            identity == ServerIdentity(url: "https://mesh.example.com", version: "0.30-dev"))
          let list = try await control.nodes()
          #expect(list.nodes.map(\.givenName) == ["web"])
          #expect(list.serverTime == Timestamp(httpDate: HeadscaleTestServer.date))
          try await control.rename(nodeID: "7", to: "new")
        }
        #expect(server.writes == ["POST /api/v1/node/7/rename/new {}"])
        #expect(server.requests.allSatisfy { $0.headers["authorization"] == nil })
        // Go refuses requests without a host.
        #expect(server.requests.allSatisfy { $0.headers["host"] == "local" })
      }
    }
  }

  @Test("Below 0.30 it is refused with the way that works", arguments: [0, 1, 2, 3])
  func old(kind: Int) async throws {
    try await folder { folder in
      let path = folder + "/h.sock"
      try await HeadscaleTestServer.run(
        socket: path,
        { request in
          switch kind {
          // gRPC's first frame, then the end; nothing at all; a gateway; an old version.
          case 0: .raw("\0\0\u{6}\u{4}\0\0\0\0\0\0\u{5}\0\0@\0")
          case 1: .raw("")
          case 2: .answer(404, "404 page not found\n", headers: ["Content-Type: text/plain"])
          default: .answer(200, versionBody("0.29.2"))
          }
        }
      ) { server in
        try await withSocket(path) { control in
          let problem = try await failure { try await control.createUser(name: "bob") }
          #expect(problem.code == .apiAccessUnsupported, "\(problem)")
          #expect(problem.message.contains(path))
          #expect(problem.hint?.contains("command: [headscale]") == true)
        }
        #expect(server.writes.isEmpty)
      }
    }
  }

  @Test("No socket, nobody behind it, a path too long") func unreachable() async throws {
    try await folder { folder in
      let path = folder + "/h.sock"
      try await withSocket(path) { control in
        let missing = try await failure { try await control.nodes() }
        #expect(missing.code == .apiUnreachable)
        #expect(missing.message == "there is no socket at \(path)")
      }
      // A closed listener leaves its file behind.
      #expect(FileManager.default.createFile(atPath: path, contents: nil))
      try await withSocket(path) { control in
        let dead = try await failure { try await control.nodes() }
        #expect(dead.code == .apiUnreachable)
        #expect(dead.message == "nothing listens on the socket \(path)")
        #expect(dead.hint?.contains("unix_socket") == true)
      }
      let long = folder + "/" + String(repeating: "x", count: 100)
      let tooLong = try await failure { try await withSocket(long) { try await $0.nodes() } }
      #expect(tooLong.code == .apiURL)
    }
  }

  @Test("A page or junk behind the socket is told as on the network") func misbehaving()
    async throws
  {
    try await folder { folder in
      let path = folder + "/h.sock"
      let answers: [(HeadscaleTestServer.Reply, DiagnosticCode)] = [
        (.answer(502, "<h1>no</h1>", headers: ["Content-Type: text/html"]), .apiUnavailable),
        (.answer(200, "junk"), .apiBadAnswer), (.silence, .apiTimeout),
        (.raw("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{"), .apiBadAnswer),
        (.answer(307, "", headers: ["Location: http://127.0.0.1:1/x"]), .apiRedirect),
      ]
      for (index, (reply, code)) in answers.enumerated() {
        let place = path + "\(index)"
        try await HeadscaleTestServer.run(
          socket: place,
          { request in request.uri == "/api/v1/node" ? reply : self.current(request) }
        ) { server in
          try await withSocket(place) { control in
            let problem = try await failure { try await control.nodes() }
            #expect(problem.code == code, "\(problem)")
            let texts = [problem.message, problem.evidence, problem.hint].compactMap(\.self)
            #expect(texts.contains { $0.contains(place) }, "\(texts)")
          }
        }
      }
    }
  }
}
