import Foundation
import Testing

/// What holds after every apply that came to its end: `plan` finds nothing to do, nobody can join by a
/// key that is left, and neither hosts nor this machine keep a file of meshctl's.
func expectSettled(
  _ lab: Lab, _ inventory: LabInventory, sourceLocation: SourceLocation = #_sourceLocation
) async throws {
  try await expectNoChanges(lab, inventory, sourceLocation: sourceLocation)
  let keys = try await lab.server.keys().filter { $0.isUsable() }
  #expect(keys.isEmpty, "usable keys remain: \(keys)", sourceLocation: sourceLocation)
  let files = try lab.leftFiles()
  #expect(files.isEmpty, "meshctl left \(files)", sourceLocation: sourceLocation)
  let left = lab.leftProcesses()
  #expect(left.isEmpty, "meshctl left \(left)", sourceLocation: sourceLocation)
  for host in inventory.hosts.map(\.name) {
    try await SecretSearch(lab: lab).expectNothing(on: host)
  }
}

/// One `apply --auto-approve` that has to succeed.
@discardableResult
func applied(
  _ lab: Lab, _ inventory: LabInventory, sourceLocation: SourceLocation = #_sourceLocation
) async throws -> Ending {
  let apply = try await lab.meshctl("apply", inventory, "--auto-approve")
  #expect(apply.exit == 0, "\(apply.all)", sourceLocation: sourceLocation)
  return apply
}

extension Lab {
  /// The node of that name, which has to be there.
  func node(
    _ name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> ControlServer.Node {
    let nodes = try await server.nodes()
    return try #require(
      nodes.first { $0.givenName == name }, "no node \(name): \(nodes)",
      sourceLocation: sourceLocation)
  }

  /// Names to ids.
  func ids() async throws -> [String: String] {
    Dictionary(try await server.nodes().map { ($0.givenName, $0.id) }, uniquingKeysWith: { $1 })
  }

  /// Runs a shell script as root on a host; it has to succeed.
  @discardableResult
  func onHost(
    _ host: String, _ script: String, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws -> String {
    let ending = try await exec(host, script)
    try #require(ending.exit == 0, "\(host): \(ending.all)", sourceLocation: sourceLocation)
    return ending.output
  }

  func waitUntilOffline(_ id: String) async throws {
    try #require(
      try await eventually(within: 15) {
        try await server.nodes().first { $0.id == id }?.online != true
      }, "node #\(id) stays online")
  }
}
