/// What is said of hosts that cannot be asked.
enum ReachWords {
  static func notJoined(_ host: Host) -> Diagnostic {
    finding(
      .reachNotJoined, "no node of the list is \(host.key)",
      "It has not joined yet, or goes by another name.", nil,
      "meshctl plan --limit \(host.key)", host)
  }

  static func ambiguous(_ host: Host, _ nodes: [MeshNode]) -> Diagnostic {
    finding(
      .reachNotJoined, "\(nodes.count) nodes could be \(host.key)",
      "Asking the wrong one would prove nothing.",
      nodes.map { "#\($0.id) \($0.givenName)" }.joined(separator: ", "),
      "pin it with machine_key: meshctl status --pins --probe --limit \(host.key)", host)
  }

  static func otherMachine(_ host: Host, _ node: MeshNode) -> Diagnostic {
    finding(
      .reachNotJoined, "node #\(node.id) has the name of \(host.key) and another machine key",
      "The inventory's machine_key says that it is somebody else.", node.givenName,
      "meshctl plan --probe --limit \(host.key)", host)
  }

  static func sameNode(_ host: Host, _ node: MeshNode, as first: String) -> Diagnostic {
    finding(
      .reachNotJoined, "node #\(node.id) is taken for \(first) already",
      "Two hosts of the inventory point to one node by name or alias.", node.givenName,
      "meshctl plan --probe --limit \(host.key)", host)
  }

  static func noAddress(_ host: Host, _ node: MeshNode) -> Diagnostic {
    finding(
      .reachNotJoined, "node #\(node.id) of \(host.key) has no address in the mesh",
      "The server gave it none, so nobody can reach it.", nil, "headscale nodes list", host)
  }

  static func offline(_ host: Host, _ node: MeshNode) -> Diagnostic {
    finding(
      .reachOffline,
      "\(host.key) is offline" + (node.lastSeen.map { " since \($0.rfc3339)" } ?? ""),
      "The server has no connection to its client, so it was not asked for and did not ask.", nil,
      "meshctl apply --limit \(host.key)", host)
  }

  static func expired(_ host: Host, _ node: MeshNode, _ expiry: Timestamp) -> Diagnostic {
    finding(
      .reachExpired, "the key of \(host.key) expired on \(expiry.rfc3339.prefix(10))",
      "Peers drop a node whose key has expired, although it may look online.", nil,
      "meshctl apply --limit \(host.key)", host)
  }

  static func client(_ host: String, _ message: String, evidence: String?) -> Diagnostic {
    Diagnostic(
      .reachClient, .error, message,
      detail: "Without its client a host is not on the mesh, whatever the server says.",
      evidence: evidence, hint: "meshctl apply --limit \(host)", host: host)
  }

  static func otherNode(_ host: String, listed node: MeshNode) -> Diagnostic {
    Diagnostic(
      .reachIdentity, .error, "\(host) is not node #\(node.id), which has its name",
      detail: "Its client reports another node key than the list has; its own record may have been "
        + "deleted, or another machine took the name.",
      hint: "meshctl plan --probe --limit \(host)", host: host)
  }

  private static func finding(
    _ code: DiagnosticCode, _ message: String, _ detail: String, _ evidence: String?,
    _ hint: String, _ host: Host
  ) -> Diagnostic {
    Diagnostic(
      code, .error, message, detail: detail, evidence: evidence, hint: hint, host: host.key)
  }
}
