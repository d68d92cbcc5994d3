/// The routes of a node as an inventory can say them: those that it advertises *and* that are
/// approved.
///
/// Where the two differ, `routes` would approve or advertise something, so nothing is written.
struct AdoptedRoutes {
  private(set) var routes: [IPPrefix] = []
  private(set) var exitNode = false
  private(set) var notes: [String] = []

  init(_ node: MeshNode) {
    subnets(node)
    exit(node)
  }

  private mutating func subnets(_ node: MeshNode) {
    let approved = node.approvedRoutes.filter { !AdoptedRoutes.isExit($0) }
    let advertised = node.availableRoutes.filter { !AdoptedRoutes.isExit($0) }
    guard !approved.isEmpty || !advertised.isEmpty else { return }
    let wanted = Set(approved.compactMap { try? IPPrefix.parse($0) }).sorted()
    if !wanted.isEmpty, AdoptedRoutes.isSettled(node, routes: wanted, exitNode: nil) {
      routes = wanted
      return
    }
    notes.append(AdoptedRoutes.difference("routes", advertised, approved))
  }

  private mutating func exit(_ node: MeshNode) {
    let all = node.approvedRoutes + node.availableRoutes
    guard all.contains(where: AdoptedRoutes.isExit) else { return }
    if AdoptedRoutes.isSettled(node, routes: nil, exitNode: true) {
      exitNode = true
      return
    }
    let approved = node.approvedRoutes.filter(AdoptedRoutes.isExit)
    let advertised = node.availableRoutes.filter(AdoptedRoutes.isExit)
    notes.append(AdoptedRoutes.difference("exit_node", advertised, approved))
  }

  /// The planner's own comparison decides.
  private static func isSettled(_ node: MeshNode, routes: [IPPrefix]?, exitNode: Bool?) -> Bool {
    let approved = RoutesComparison(
      exactly: node.approvedRoutes, routes: routes, exitNode: exitNode)
    let advertised = RoutesComparison(
      present: node.availableRoutes, routes: routes, exitNode: exitNode)
    return !approved.differs && !advertised.differs
  }

  private static func isExit(_ route: String) -> Bool {
    IPPrefix.exitRoutes.contains(IPPrefix.canonical(route))
  }

  private static func difference(
    _ key: String, _ advertised: [String], _ approved: [String]
  ) -> String {
    if Set(advertised) == Set(approved) {
      return "\(key) not taken over: \(list(approved)) cannot be written as such"
    }
    return "\(key) not taken over, since they differ: advertised \(list(advertised)), approved "
      + list(approved)
  }

  private static func list(_ routes: [String]) -> String {
    guard !routes.isEmpty else { return "none" }
    let shown = routes.sorted().prefix(4).map { VisibleText.escaped($0, limit: 44) }
    return shown.joined(separator: ", ") + (routes.count > 4 ? " and more" : "")
  }
}
