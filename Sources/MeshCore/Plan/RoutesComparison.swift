/// Wanted against present routes of one kind (advertised or approved).
///
/// What the inventory does not manage is copied from what is there, because the server replaces whole
/// sets (design §5): default routes belong to `exit_node`, all others to `routes`.
struct RoutesComparison: Equatable {
  /// Canonical and sorted.
  var present: [String]
  var wanted: [String]

  init(present: [String], routes: [IPPrefix]?, exitNode: Bool?) {
    if let settled = RoutesComparison(settled: present, routes, exitNode) {
      self = settled
    } else {
      self.init(canonical: present.map(IPPrefix.canonical), routes, exitNode)
    }
  }

  /// Compares what the server has approved: a prefix with host bits is kept as it is, because the
  /// server matches such a one with nothing (reference headscale-api.md §5.4), so it is no route.
  init(exactly present: [String], routes: [IPPrefix]?, exitNode: Bool?) {
    if let settled = RoutesComparison(settled: present, routes, exitNode) {
      self = settled
      return
    }
    let spelled = present.map { text in (try? IPPrefix.parse(text))?.description ?? text }
    self.init(canonical: spelled, routes, exitNode)
  }

  /// Nothing is managed, or the texts are the wanted ones already: nearly all nodes of a converged
  /// mesh, for which parsing would be half of the time that planning takes.
  private init?(settled present: [String], _ routes: [IPPrefix]?, _ exitNode: Bool?) {
    guard let routes else {
      guard exitNode == nil else { return nil }
      (self.present, wanted) = ([], [])
      return
    }
    let all = routes.map(\.description) + (exitNode == true ? IPPrefix.exitRoutes : [])
    let texts = RoutesComparison.sorted(all)
    guard all.count == present.count, texts == RoutesComparison.sorted(present) else { return nil }
    (self.present, wanted) = (texts, texts)
  }

  private init(canonical: [String], _ routes: [IPPrefix]?, _ exitNode: Bool?) {
    let exit = canonical.filter(IPPrefix.exitRoutes.contains)
    let subnets = canonical.filter { !IPPrefix.exitRoutes.contains($0) }
    self.present = RoutesComparison.sorted(exit + subnets)
    let wantedExit = exitNode.map { $0 ? IPPrefix.exitRoutes : [] } ?? exit
    let wantedSubnets = routes.map { $0.map(\.description) } ?? subnets
    wanted = RoutesComparison.sorted(wantedExit + wantedSubnets)
  }

  var differs: Bool { present != wanted }

  private static func sorted(_ routes: [String]) -> [String] {
    routes.count < 2 ? routes : Array(Set(routes)).sorted()
  }
}
