/// Wanted against present routes of one kind (advertised or approved).
///
/// What the inventory does not manage is copied from what is there, because the server replaces whole
/// sets (design §5): default routes belong to `exit_node`, all others to `routes`.
struct RoutesComparison: Equatable {
  /// Canonical and sorted.
  var present: [String]
  var wanted: [String]

  init(present: [String], routes: [IPPrefix]?, exitNode: Bool?) {
    self.init(canonical: present.map(IPPrefix.canonical), routes, exitNode)
  }

  /// Compares what the server has approved: a prefix with host bits is kept as it is, because the
  /// server matches such a one with nothing (reference headscale-api.md §5.4), so it is no route.
  init(exactly present: [String], routes: [IPPrefix]?, exitNode: Bool?) {
    let spelled = present.map { text in (try? IPPrefix.parse(text))?.description ?? text }
    self.init(canonical: spelled, routes, exitNode)
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
