package import MeshCore

/// What happens to hosts while meshctl does not look.
extension SimulatedWorld {
  /// The machine is installed anew, or its tailscale state was wiped: a new machine key and no
  /// preferences.
  ///
  /// The old node stays on the server, offline.
  ///
  /// - Parameters:
  ///   - key: The host's inventory key.
  ///   - keepsClient: False where Tailscale is not installed any more either.
  package func reinstall(_ key: String, keepsClient: Bool = true) {
    let machineKey = "mkey:" + random.hex(64)
    changeClient(of: key) { client in
      guard keepsClient, let old = client else {
        client = nil
        return
      }
      client = SimulatedClient(version: old.version, isRunning: true, machineKey: machineKey)
    }
  }

  /// Somebody runs `tailscale down`: the client keeps its key and shows it.
  package func stop(_ key: String) {
    changeClient(of: key) { $0?.preferences.wantRunning = false }
  }

  /// Somebody runs `tailscale logout`: the key is gone, and the node on the server has expired.
  package func logout(_ key: String) {
    if let nodeKey = hosts[key]?.client?.nodeKey {
      server.logout(nodeKey: nodeKey, now: clock.now())
    }
    changeClient(of: key) { client in
      client?.nodeKey = nil
      client?.registeredURL = nil
      client?.remembered = nil
      client?.preferences.wantRunning = false
      client?.preferences.loggedOut = true
    }
  }

  /// The client was joined to another server, which is not simulated.
  ///
  /// - Parameters:
  ///   - key: The host's inventory key.
  ///   - url: That server's URL.
  ///   - address: Its address in the mesh there.
  package func joinElsewhere(_ key: String, _ url: ServerURL, address: String = "100.99.0.1") {
    let nodeKey = "nodekey:" + random.hex(64)
    let now = clock.now()
    changeClient(of: key) { client in
      guard var joined = client else { return }
      var node = ServerNode(
        id: 1, machineKey: joined.machineKey, nodeKey: nodeKey, discoKey: "",
        ipAddresses: [address], hostname: key, givenName: key, createdAt: now)
      node.userID = 1
      joined.nodeKey = nodeKey
      joined.registeredURL = url.normalized
      joined.preferences.controlURL = url.normalized
      joined.preferences.wantRunning = true
      joined.preferences.loggedOut = false
      joined.remember(
        NodeView(
          node: node, user: ServerUser(id: 1, name: "somebody", createdAt: now),
          preAuthKey: nil, online: true, subnetRoutes: []))
      client = joined
    }
  }

  /// Changes the client of a host; its old connection ends.
  private func changeClient(of key: String, _ body: (inout SimulatedClient?) -> Void) {
    if let nodeKey = hosts[key]?.client?.nodeKey {
      server.disconnect(nodeKey: nodeKey, now: clock.now())
    }
    body(&hosts[key, default: SimulatedHost(hostname: key)].client)
  }
}
