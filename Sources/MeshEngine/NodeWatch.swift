package import MeshCore

/// One shared poller of the node list for all hosts that wait, at most one list call a second.
package actor NodeWatch {
  /// How a wait ended.
  package enum Ending: Sendable, Equatable {
    case online(MeshNode)
    case listed(MeshNode)
    case missing
  }

  private let control: any ControlPlaneReading
  private let clock: any EngineClock
  private let pacer: JoinPacer?
  private var latest: (time: Timestamp, nodes: [MeshNode])?
  private var lastFetch: Timestamp?
  private var isFetching = false

  /// `pacer` is told how long each list took.
  package init(
    control: any ControlPlaneReading, clock: any EngineClock, pacer: JoinPacer? = nil
  ) {
    self.control = control
    self.clock = clock
    self.pacer = pacer
  }

  /// Waits until the node with this key is listed and online; always looks at least once.
  ///
  /// - Parameters:
  ///   - nodeKey: what the host itself reported.
  ///   - timeout: seconds; only a list taken after they passed says that it is not online.
  /// - Returns: online, or what the last list said.
  /// - Throws: `Failure` when the list can still not be read at the end, `CancellationError`.
  package func waitUntilOnline(nodeKey: String, timeout: Int) async throws -> Ending {
    let start = clock.now()
    while true {
      let isOver = clock.now().seconds(since: start) >= Int64(timeout)
      do {
        if let nodes = try await nodes(notBefore: start) {
          let node = nodes.first { $0.nodeKey == nodeKey }
          if let node, node.online { return .online(node) }
          if isOver { return node.map(Ending.listed) ?? .missing }
        }
      } catch let failure as Failure {
        // One bad answer does not mean that the join failed.
        if isOver { throw failure }
      }
      try await clock.sleep(seconds: 1)
    }
  }

  /// A list taken after `start` and at most a second old; nil while another waiter fetches it.
  private func nodes(notBefore start: Timestamp) async throws -> [MeshNode]? {
    if let latest, latest.time >= start, clock.now() < latest.time.adding(seconds: 1) {
      return latest.nodes
    }
    if isFetching { return latest.flatMap { $0.time >= start ? $0.nodes : nil } }
    if let lastFetch, clock.now() < lastFetch.adding(seconds: 1) { return nil }
    isFetching = true
    defer { isFetching = false }
    let time = clock.now()
    lastFetch = time
    let pacer = pacer ?? JoinPacer()
    let list = try await pacer.timed(.list, by: clock) { try await control.nodes() }
    latest = (time, list.nodes)
    return list.nodes
  }
}
