import MeshCore
import MeshEngine
import MeshSimulation

/// What happens to the mesh of `Mesh.three`, and what the inventory says then.
enum Reconciling: String, CaseIterable {
  case reinstalled, loggedOut, ownerChange, ownerChangeUnmanagedRoutes, untag, swapPinned
  case swapProven, absent, deleted, expiredOwned, expiredTagged, moved, routesMove
  case routesExchange, expiredAndStopped, swapPastAnOfflineHolder

  /// The mesh after the accident, under the inventory of now.
  func mesh() async throws -> Mesh {
    var first = try Mesh(Mesh.three)
    first.parallelism = 1
    try await first.apply()
    try await befall(first)
    await first.world.plan(nil)
    // Instants of the server's lists have whole seconds.
    first.world.clock.advance(seconds: 2)
    var mesh = try Mesh(try await inventory(first), over: first)
    // One after the other, so that the n-th effect is the same one in every run.
    mesh.parallelism = 1
    mesh.flags.allowMove = self == .moved
    return mesh
  }

  private func befall(_ mesh: Mesh) async throws {
    let alpha = try await id("alpha", mesh)
    let beta = try await id("beta", mesh)
    switch self {
    case .reinstalled:
      await mesh.stopClient("alpha")
      await mesh.change("alpha") { $0.client = nil }
    case .loggedOut:
      await mesh.stopClient("alpha")
      await mesh.change("alpha") {
        $0.client?.isRunning = true
        $0.client?.nodeKey = nil
        $0.client?.preferences.loggedOut = true
        $0.client?.preferences.wantRunning = false
      }
    case .deleted:
      try await mesh.world.withServer { server, _ in try server.delete(node: alpha) }
    case .expiredOwned:
      try await mesh.world.withServer { server, now in _ = try server.expire(node: beta, now: now) }
    case .expiredTagged:
      try await mesh.world.withServer { server, now in _ = try server.expire(node: alpha, now: now)
      }
    case .expiredAndStopped:
      try await mesh.world.withServer { server, now in _ = try server.expire(node: beta, now: now) }
      await mesh.stopClient("beta")
    case .moved:
      await mesh.stopClient("beta")
      await mesh.change("beta") {
        $0.client?.isRunning = true
        $0.client?.nodeKey = "nodekey:" + String(repeating: "7", count: 64)
        $0.client?.preferences.controlURL = "https://elsewhere.example.net"
      }
      try await mesh.world.withServer { server, _ in try server.delete(node: beta) }
    case .ownerChangeUnmanagedRoutes:
      await mesh.change("beta") { $0.client?.preferences.advertiseRoutes = ["192.168.7.0/24"] }
      try await mesh.world.withServer { server, now in
        _ = try server.approveRoutes(node: beta, routes: ["192.168.7.0/24"], now: now)
      }
    case .swapPastAnOfflineHolder:
      await mesh.world.withServer { server, _ in
        server.adopt(.stranger(called: "wanted", id: 90, online: false))
      }
    case .ownerChange, .untag, .swapPinned, .swapProven, .absent, .routesMove, .routesExchange:
      break
    }
  }

  private func id(_ name: String, _ mesh: Mesh) async throws -> Int {
    guard let node = await mesh.node(name) else { throw Missing(name: name) }
    return node.id
  }

  struct Missing: Error { var name: String }

  private func inventory(_ mesh: Mesh) async throws -> String {
    let guards =
      "guards: {offline_after: 0s, max_deletes: off, confirm_after: 5s, prune_after: 1d}\nhosts:\n"
    var alpha = "{tags: [tag:web], routes: [10.0.0.0/24]}"
    var beta = "{owner: office, accept_routes: true}"
    var gamma = "{owner: office, name: gamma-three, exit_node: true, shields_up: true}"
    switch self {
    case .ownerChange, .ownerChangeUnmanagedRoutes: beta = "{owner: ops, accept_routes: true}"
    case .untag: alpha = "{owner: ops, routes: [10.0.0.0/24]}"
    case .swapProven:
      alpha = "{tags: [tag:web], routes: [10.0.0.0/24], name: beta}"
      beta = "{owner: office, accept_routes: true, name: alpha}"
    case .swapPinned:
      let one = await mesh.node("alpha")?.machineKey ?? ""
      let two = await mesh.node("gamma-three")?.machineKey ?? ""
      alpha = "{tags: [tag:web], name: gamma-three, machine_key: '\(one)'}"
      gamma = "{owner: office, name: alpha, machine_key: '\(two)'}"
    case .routesExchange:
      alpha = "{tags: [tag:web], routes: [], exit_node: true}"
      gamma =
        "{owner: office, name: gamma-three, routes: [10.0.0.0/24], exit_node: false,"
        + " shields_up: true}"
    case .swapPastAnOfflineHolder:
      alpha = "{tags: [tag:web], routes: [10.0.0.0/24], name: beta}"
      beta = "{owner: office, accept_routes: true, name: wanted}"
    case .absent: beta = "{state: absent}"
    case .routesMove:
      alpha = "{tags: [tag:web], routes: []}"
      beta = "{owner: office, accept_routes: true, routes: [10.0.0.0/24]}"
    case .reinstalled, .loggedOut, .deleted, .expiredOwned, .expiredTagged, .moved,
      .expiredAndStopped:
      break
    }
    return guards + "  alpha: \(alpha)\n  beta: \(beta)\n  gamma: \(gamma)\n"
  }

  /// The names of all nodes when everything is done.
  var names: Set<String> {
    switch self {
    case .reinstalled: ["alpha", "beta", "gamma-three", "alpha-old-1"]
    case .absent: ["alpha", "gamma-three"]
    case .swapPastAnOfflineHolder: ["beta", "wanted", "gamma-three", "wanted-old-90"]
    default: ["alpha", "beta", "gamma-three"]
    }
  }
}
