/// Which control server a client uses, and by which URL.
extension HostPlanner {
  /// The server that the client is joined to, where it is not the inventory's.
  func otherServer(_ client: ClientFacts) -> String? {
    guard let url = client.preferences?.controlURL, !url.isEmpty, client.nodeKey != nil,
      !isThisServer(ServerURL(url))
    else { return nil }
    return url
  }

  /// True where the inventory's server is meant.
  ///
  /// The node of such a client is not listed, so an address alone proves nothing: another server may
  /// answer there at the same port. It counts where this file or a listed node of another host says
  /// that it is this server.
  private func isThisServer(_ present: ServerURL?) -> Bool {
    let wanted = context.loginServer(host)
    guard let present, present != wanted, present != context.inventory.server.url else {
      return present != nil
    }
    return host.isServed(by: present, wanting: wanted) && context.knowsAsThisServer(present)
  }

  /// Refuses to take a client from where it is.
  mutating func refuseMove(from current: String) {
    let mayBeThis = ServerURL(current).map {
      host.isServed(by: $0, wanting: context.loginServer(host))
    }
    if mayBeThis == true {
      block(
        .otherServer, "the client is joined to \(current), and the server does not list its key",
        detail: "That address may be this server's or another's; moving a host takes it off its"
          + " mesh.", evidence: current,
        hint: "if it is this server, write server_url: \(current) for \(host.key); else add"
          + " --allow-move")
    } else {
      block(
        .otherServer, "the client is joined to another control server",
        detail: "Moving a host takes it off that mesh.", evidence: current,
        hint: "add --allow-move, or remove \(host.key) from the inventory")
    }
  }

  /// Shows that a login may go by the server's address.
  mutating func showFallback() {
    guard steps.contains(.join), host.mayJoinByAddress(context.loginServer(host)) else { return }
    changes.append(Change(.serverFallback, old: nil, new: .text("ip")))
  }

  /// Said before the join is tried; the check from the host decides (reference tailscale-client.md §6).
  mutating func warnOfMulticast(_ server: ServerURL) {
    guard server.isMulticastName, facts?.isWSL == true, !host.mayJoinByAddress(server) else {
      return
    }
    warn(
      .serverLocalName, "`\(server.host)` will hardly resolve on \(host.key), which is WSL2",
      detail: "Multicast DNS does not cross its NAT, and the client does not ask it.",
      hint: server.scheme == .http
        ? "write for \(host.key): server_fallback: ip, or a server_url with an address"
        : "make `\(server.host)` known there by DNS or /etc/hosts")
  }
}

extension PlanContext {
  /// True where this file names the URL as its server's, or a client whose node is listed uses it.
  func knowsAsThisServer(_ url: ServerURL) -> Bool {
    if inventory.hosts.contains(where: { $0.serverURL == url }) { return true }
    if ServerURL(observation.server.url) == url { return true }
    return observation.facts.values.contains { result in
      guard case .facts(let facts) = result, let client = facts.client, let key = client.nodeKey,
        ServerURL(client.preferences?.controlURL ?? "") == url
      else { return false }
      return observation.nodes.contains { $0.nodeKey == key }
    }
  }
}
