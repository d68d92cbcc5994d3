import YAMLReader

/// Finds routes that several hosts have, and routes that overlap.
///
/// Sorted by address, a prefix stands behind all that contain it, so one pass with a stack of the
/// open ones is enough; the stack is never deeper than a prefix is long.
enum RouteChecks {
  /// One distinct prefix with the hosts that have it.
  private struct Route {
    var prefix: IPPrefix
    var hosts: [String]
    /// Where the first of them says so.
    var place: Located<IPPrefix>
  }

  static func run(over complete: [CompleteHost], in context: inout DecodingContext) {
    var index: [IPPrefix: Int] = [:]
    var routes: [Route] = []
    for element in complete where element.host.state == .present {
      for place in element.routes {
        if let known = index[place.value] {
          routes[known].hosts.append(element.host.key)
        } else {
          index[place.value] = routes.count
          routes.append(Route(prefix: place.value, hosts: [element.host.key], place: place))
        }
      }
    }
    routes.sort { $0.prefix < $1.prefix }
    shared(routes, &context)
    overlapping(routes, &context)
  }

  private static func shared(_ routes: [Route], _ context: inout DecodingContext) {
    for route in routes where route.hosts.count > 1 {
      context.report(
        .invRouteShared, .note,
        "`\(route.prefix)` is routed by \(Suggestion.listed(route.hosts))",
        detail:
          "This is high availability: Headscale lets one of them serve the route, and the next "
          + "one when it goes offline.", at: route.place, host: route.hosts[0])
    }
  }

  private static func overlapping(_ routes: [Route], _ context: inout DecodingContext) {
    var open: [Route] = []
    for route in routes {
      while let last = open.last, !last.prefix.overlaps(route.prefix) { open.removeLast() }
      if let outer = open.last(where: { $0.hosts != route.hosts }) {
        context.report(
          .invRouteOverlap, .warning,
          "`\(route.prefix)` of \(Suggestion.listed(route.hosts)) lies inside `\(outer.prefix)` of "
            + Suggestion.listed(outer.hosts),
          detail:
            "Clients send to the longest match, so traffic for `\(route.prefix)` never goes to "
            + "\(Suggestion.listed(outer.hosts)), even while \(Suggestion.listed(route.hosts)) is "
            + "offline.", at: route.place, host: route.hosts[0])
      }
      open.append(route)
    }
  }
}
