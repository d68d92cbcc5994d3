import Foundation
import HeadscaleHTTP
import MeshCore
import MeshSimulation
import Testing

@testable import MeshAdapters

@Suite("Headscale: one contract for all versions and ways in", .timeLimit(.minutes(5)))
struct HeadscaleContractTests {
  @Test("REST and the command", arguments: Mode.allCases, [ContractMesh.Way.rest, .command])
  func contract(mode: Mode, way: ContractMesh.Way) async throws {
    try await ContractMesh.run(mode) { mesh in
      let control = try mesh.way(way)
      let next = try mesh.way(way)
      try await HeadscaleContract(mesh: mesh, control: control, next: next).hold()
      await control.close()
      await next.close()
    }
  }

  @Test("The socket, from 0.30 on", arguments: Mode.allCases) func socket(mode: Mode) async throws {
    try await ContractMesh.run(mode) { mesh in
      let control = try mesh.way(.socket)
      if mode == .v0_30 {
        let next = try mesh.way(.socket)
        try await HeadscaleContract(mesh: mesh, control: control, next: next).hold()
        await next.close()
      } else {
        let before = await mesh.service.state
        let problem = try await failure { try await control.requireWritable() }
        #expect(problem.code == .apiAccessUnsupported)
        #expect(problem.hint?.contains("command") == true)
        #expect(await mesh.service.state == before)
      }
      await control.close()
    }
  }

  @Test("A server that is not there, by its command", arguments: Mode.allCases)
  func down(mode: Mode) async throws {
    try await ContractMesh.run(mode) { mesh in
      try Data("unix_socket: /nonexistent/h.sock\n".utf8)
        .write(to: URL(filePath: mesh.config))
      let control = try mesh.way(.command)
      let problem = try await failure { try await control.nodes() }
      // Up to 0.28 the command dies without a word.
      #expect([.apiUnreachable, .apiRefused].contains(problem.code), "\(problem)")
      #expect(problem.hint?.isEmpty == false)
    }
  }
}

/// The same over SSH, where an sshd is at hand.
@Suite(
  "Headscale: the contract over SSH", .tags(.sshd), .serialized, .timeLimit(.minutes(5)),
  .enabled(if: ShellRun.find("sshd") != nil, "no sshd binary on this machine"))
struct HeadscaleContractSSHTests {
  @Test(arguments: Mode.allCases) func `The command over SSH`(mode: Mode) async throws {
    try await ContractMesh.run(mode) { mesh in
      try await LoopbackSSHD.run { server in
        let variables = mesh.environment.filter { $0.key != "PATH" }
          .map { "\($0.key)='\($0.value)'" }.joined(separator: " ")
        try server.script(
          "headscale", "#!/bin/sh\n\(variables) exec '\(ContractMesh.program)' \"$@\"\n")
        let url = try #require(ServerURL("http://127.0.0.1:\(mesh.port)"))
        let controls = (0..<2).map { _ in
          let runner = RemoteHeadscale(
            login: "\(NSUserName())@127.0.0.1:\(server.port)",
            environment: ["PATH": "/usr/bin:/bin", "HOME": server.folder], program: server.ssh)
          return HeadscaleControl(HeadscaleCLI(runner, url: url))
        }
        try await HeadscaleContract(mesh: mesh, control: controls[0], next: controls[1]).hold()
        for control in controls { await control.close() }
        let isWritable = Mode.writable.contains(mode)
        #expect(server.connections == (isWritable ? 2 : 1), "one a run")
      }
    }
  }
}
