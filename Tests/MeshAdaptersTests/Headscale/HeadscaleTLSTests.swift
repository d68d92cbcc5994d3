import Foundation
import MeshCore
import MeshEngine
import NIOSSL
import Testing

@testable import MeshAdapters

@Suite("Headscale REST: TLS")
struct HeadscaleTLSTests {
  @Test("The right authority is trusted, by IP and by name") func right() async throws {
    let authority = try TestAuthority()
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
    let authority = try TestAuthority()
    let other = try TestAuthority()
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
    let authority = try TestAuthority()
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
    let authority = try TestAuthority()
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
    let authority = try TestAuthority()
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
