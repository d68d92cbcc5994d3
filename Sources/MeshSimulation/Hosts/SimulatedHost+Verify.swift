import MeshCore

extension SimulatedHost {
  /// The `verify` script: pings peers and tries endpoints, as far as the simulated mesh carries.
  func verify(_ run: inout ScriptRun) {
    answerStatus(&run)
    let view = clientView(run)
    if let view, view.client.isRunning {
      for (index, address) in lines(run, "PEERS").enumerated() {
        let (status, text) = ping(address, view, run)
        run.answer("ping-\(index + 1)", status, text)
      }
    }
    for (index, line) in lines(run, "ENDPOINTS").enumerated() {
      let words = line.split(separator: " ").map(String.init)
      let (status, text) = endpoint(words.first ?? "", words.last ?? "", view, run)
      run.answer("endpoint-\(index + 1)", status, text)
    }
    run.seconds = 2
  }

  /// The `check-source` script.
  func checkSource(_ run: inout ScriptRun) {
    let isDown = faults.installFailsAt == "download" || faults.installFailsAt == "update"
    run.answer("verdict", 0, isDown ? "connect" : "ok")
    run.answer(
      "evidence", 0,
      isDown
        ? "curl exit 7: curl: (7) Failed to connect: Connection refused" : "HTTP status 200")
    run.answer("tool", 0, "curl")
  }

  private func lines(_ run: ScriptRun, _ name: String) -> [String] {
    (run.parameters[name] ?? "").split(separator: "\n").map(String.init)
  }

  /// `tailscale ping`: exit status and words.
  private func ping(_ address: String, _ view: ClientView, _ run: ScriptRun) -> (Int, String) {
    switch view.backendState {
    case "Running": break
    case "Stopped": return (1, "Tailscale is stopped.")
    default: return (1, "Logged out.")
    }
    guard let peer = run.server.nodes.first(where: { $0.ipAddresses.contains(address) }) else {
      return (1, "no matching peer")
    }
    if peer.machineKey == client?.machineKey {
      return (0, "\(address) is local Tailscale IP")
    }
    if peer.isExpired(at: run.now) { return (1, "peer's node key has expired") }
    guard peer.presence == .connected, !isCut(from: peer) else {
      return (1, "ping \"\(address)\" timed out\nno reply")
    }
    let pong = "pong from \(peer.givenName) (\(address)) via"
    return names(faults.relayedPeers, peer)
      ? (1, "\(pong) DERP(sim) in 42ms\ndirect connection not established")
      : (0, "\(pong) 198.51.100.\(peer.id % 254 + 1):41641 in 3ms")
  }

  /// A TCP connection, or an ICMP echo where the port is `-`.
  private func endpoint(
    _ address: String, _ port: String, _ view: ClientView?, _ run: ScriptRun
  ) -> (Int, String) {
    if faults.unresolvable.contains(address) { return (1, "Name or service not known") }
    if faults.refused.contains("\(address):\(port)") { return (1, "Connection refused") }
    guard let peer = run.server.nodes.first(where: { $0.ipAddresses.contains(address) }) else {
      return (0, "took 5.0 ms")
    }
    if faults.refused.contains("\(peer.givenName):\(port)") { return (1, "Connection refused") }
    let isUp = view?.backendState == "Running"
    return isUp && peer.presence == .connected && !isCut(from: peer)
      ? (0, "took 3.0 ms") : (1, "timed out")
  }

  private func isCut(from peer: ServerNode) -> Bool { names(faults.unreachablePeers, peer) }

  private func names(_ list: [String], _ peer: ServerNode) -> Bool {
    list.contains(peer.givenName) || list.contains { peer.ipAddresses.contains($0) }
  }
}
