import Foundation
import MeshCore
import MeshEngine
import NIOSSL
import Testing

@testable import MeshAdapters

@Suite("Headscale REST: TLS")
struct HeadscaleTLSTests {
  /// An authority and certificates for 127.0.0.1 and others, made by openssl for one test.
  private struct Authority {
    let folder: URL

    init() throws {
      folder = FileManager.default.temporaryDirectory.appending(path: "meshctl-tls-\(UUID())")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try openssl(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
        "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=meshctl test authority")
    }

    func file(_ name: String) -> String { folder.appending(path: name).path }

    func openssl(_ arguments: String...) throws {
      let process = Process()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = ["openssl"] + arguments
      process.currentDirectoryURL = folder
      process.standardError = FileHandle.nullDevice
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      process.waitUntilExit()
      try #require(process.terminationStatus == 0, "openssl \(arguments)")
    }

    /// A server context whose certificate names `name`.
    func server(name: String, expired: Bool = false) throws -> NIOSSLContext {
      try openssl(
        "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
        "s.key", "-out", "s.csr", "-subj", "/CN=server")
      try Data("subjectAltName=\(name)\n".utf8).write(to: folder.appending(path: "s.ext"))
      try openssl(
        "x509", "-req", "-in", "s.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-out", "s.pem", "-extfile", "s.ext", "-days", expired ? "-1" : "2")
      return try NIOSSLContext(
        configuration: .makeServerConfiguration(
          certificateChain: NIOSSLCertificate.fromPEMFile(file("s.pem")).map { .certificate($0) },
          privateKey: .privateKey(NIOSSLPrivateKey(file: file("s.key"), format: .pem))))
    }

    func remove() { try? FileManager.default.removeItem(at: folder) }
  }

  @Test("The right authority is trusted, by IP and by name") func right() async throws {
    let authority = try Authority()
    defer { authority.remove() }
    for (name, host) in [("IP:127.0.0.1", "127.0.0.1"), ("DNS:localhost", "localhost")] {
      let tls = try authority.server(name: name)
      try await HeadscaleTestServer.run(tls: tls, replay("0.29.2")) { server in
        try await withREST(
          port: server.port, scheme: "https", host: host, caFile: authority.file("ca.pem")
        ) { rest in
          let list = try await rest.nodes()
          #expect(list.nodes.count == 2)
        }
      }
    }
  }

  @Test("An unknown authority names ca_file; no request is sent") func unknown() async throws {
    let authority = try Authority()
    let other = try Authority()
    defer {
      authority.remove()
      other.remove()
    }
    let tls = try authority.server(name: "IP:127.0.0.1")
    for caFile in [nil, other.file("ca.pem")] {
      try await HeadscaleTestServer.run(tls: tls, replay("0.29.2")) { server in
        try await withREST(port: server.port, scheme: "https", caFile: caFile) { rest in
          let diagnostic = try await failure { try await rest.nodes() }
          #expect(diagnostic.code == .apiTLS)
          #expect(diagnostic.message.contains("signed by nobody"))
          #expect(diagnostic.hint?.contains("server.api.ca_file") == true)
        }
        #expect(server.requests.isEmpty)
      }
    }
  }

  @Test("A certificate for another name") func otherName() async throws {
    let authority = try Authority()
    defer { authority.remove() }
    let tls = try authority.server(name: "DNS:elsewhere.example")
    try await HeadscaleTestServer.run(tls: tls, replay("0.29.2")) { server in
      try await withREST(
        port: server.port, scheme: "https", host: "localhost", caFile: authority.file("ca.pem")
      ) { rest in
        let diagnostic = try await failure { try await rest.nodes() }
        #expect(diagnostic.code == .apiTLS)
        #expect(diagnostic.message.contains("is not for the name localhost"))
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test("An expired certificate") func expired() async throws {
    let authority = try Authority()
    defer { authority.remove() }
    let tls = try authority.server(name: "IP:127.0.0.1", expired: true)
    try await HeadscaleTestServer.run(tls: tls, replay("0.29.2")) { server in
      try await withREST(port: server.port, scheme: "https", caFile: authority.file("ca.pem")) {
        rest in
        let diagnostic = try await failure { try await rest.nodes() }
        #expect(diagnostic.code == .apiTLS)
        #expect(diagnostic.message.contains("has expired"))
        #expect(diagnostic.evidence?.contains("valid until") == true)
      }
      #expect(server.requests.isEmpty)
    }
  }

  @Test("https:// to a server without TLS") func plain() async throws {
    try await HeadscaleTestServer.run(replay("0.29.2")) { server in
      try await withREST(port: server.port, scheme: "https") { rest in
        let diagnostic = try await failure { try await rest.nodes() }
        #expect([.apiTLS, .apiUnreachable].contains(diagnostic.code))
      }
    }
  }

  @Test("A ca_file that is missing or holds no certificate") func badFile() async throws {
    let authority = try Authority()
    defer { authority.remove() }
    let url = try #require(ServerURL("https://127.0.0.1:1"))
    for name in ["missing.pem", "ca.key"] {
      let diagnostic = try await failure {
        try HeadscaleREST(
          url: url, key: Secret(testKey), keyOrigin: "x", caFile: authority.file(name))
      }
      #expect(diagnostic.code == .apiCAFile)
      #expect(diagnostic.message.contains(name))
    }
  }
}
