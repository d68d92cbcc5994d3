import MeshCore

/// One shared poller of the node list for all hosts that wait, at most one list call a second.
actor NodeWatch {
  enum Ending: Sendable {
    case online(MeshNode)
    case listed(MeshNode)
    case missing
  }

  private let control: any ControlPlaneReading
  private let clock: any EngineClock
  private var latest: (time: Timestamp, nodes: [MeshNode])?
  private var isFetching = false

  init(control: any ControlPlaneReading, clock: any EngineClock) {
    self.control = control
    self.clock = clock
  }

  /// Waits until the node with this key is listed and online.
  ///
  /// - Throws: `Failure` when the list cannot be read, `CancellationError`.
  func waitUntilOnline(nodeKey: String, timeout: Int) async throws -> Ending {
    let start = clock.now()
    while true {
      let nodes = try await nodes(notBefore: start)
      let node = nodes?.first { $0.nodeKey == nodeKey }
      if let node, node.online { return .online(node) }
      if clock.now().seconds(since: start) >= Int64(timeout) {
        return node.map(Ending.listed) ?? .missing
      }
      try await clock.sleep(seconds: 1)
    }
  }

  /// A list taken after `start` and at most a second old; nil while another waiter fetches it.
  private func nodes(notBefore start: Timestamp) async throws -> [MeshNode]? {
    if let latest, latest.time >= start, clock.now().seconds(since: latest.time) < 1 {
      return latest.nodes
    }
    guard !isFetching else { return latest.flatMap { $0.time >= start ? $0.nodes : nil } }
    isFetching = true
    defer { isFetching = false }
    let time = clock.now()
    let list = try await control.nodes()
    latest = (time, list.nodes)
    return list.nodes
  }
}
