import MeshCore

/// The login server as one host finds it (design §6, check-server).
struct EffectiveServer: Sendable, Equatable {
  /// What the plan says.
  var named: ServerURL
  /// What the host joins by: `named`, or one of its addresses.
  var used: ServerURL
}

extension HostChain {
  /// A call as it is sent: `check-server` with the addresses that the server's name has here, what
  /// comes after it with the URL that answered.
  func completed(_ call: RemoteCall, _ server: EffectiveServer?) async -> RemoteCall {
    if let url = call.checkedServer {
      guard url.scheme == .http, !url.isByAddress else { return call }
      return .checkServer(
        url, candidates: url.candidates(at: await ports.names.addresses(of: url.host)))
    }
    guard let server else { return call }
    return call.joining(by: server.used, insteadOf: server.named)
  }

  /// The host as the judge of `check-server` may see it: only a join can go another way than by name.
  func judged(_ call: RemoteCall) -> Host {
    guard call.script == .checkServer, !steps.contains(where: { $0.kind == .join }) else {
      return host
    }
    var host = host
    host.serverFallback = .none
    return host
  }
}
