/// Whether a host is on the mesh as it is to be.
struct DoctorMesh {
  private let doctor: DoctorHost
  private let facts: HostFacts

  init(_ doctor: DoctorHost, _ facts: HostFacts) {
    self.doctor = doctor
    self.facts = facts
  }

  private var host: Host { doctor.host }

  var check: DoctorCheck {
    guard let client = facts.client else {
      return .unknown(.mesh, "not joined: no client is installed yet")
    }
    guard let state = client.backendState else {
      // On Windows a question by the wrong user takes the node off the mesh.
      if let why = facts.windows?.notAsked {
        return .unknown(.mesh, "the client was not asked: \(why)\(DoctorMesh.byName(doctor))")
      }
      return facts.service == .missing
        ? .unknown(.mesh, "not joined: the client's service is missing")
        : fail("the client's daemon does not answer", evidence: client.statusError)
    }
    guard client.nodeKey != nil else { return .unknown(.mesh, "not joined yet: \(state)") }
    // A listed key says that it is this server, whatever the URL.
    let isListed = doctor.nodes?.contains { $0.nodeKey == client.nodeKey } ?? false
    if !isListed, let url = client.preferences?.controlURL, !url.isEmpty,
      let theirs = ServerURL(url), !host.isServed(by: theirs, wanting: doctor.server)
    {
      return fail(
        "it is joined to \(theirs.normalized)",
        detail: "The inventory wants \(doctor.server.normalized).",
        hint: "meshctl apply --allow-move --limit \(host.key)")
    }
    guard let nodes = doctor.nodes else {
      return .unknown(.mesh, "the client says \(state); the server's list is not known")
    }
    return listed(in: nodes, client, state)
  }

  private func listed(
    in nodes: [MeshNode], _ client: ClientFacts, _ state: String
  ) -> DoctorCheck {
    switch HostMatcher(nodes: nodes).match(host, facts: facts) {
    case .node(let node, let identity):
      guard identity != .name else {
        return fail(
          "its key is not in the server's list",
          detail: "Its node was deleted, and the client does not know; node #\(node.id) only has"
            + " its name.")
      }
      if let expiry = node.expiry, expiry <= doctor.now {
        return fail("its key expired on \(expiry.rfc3339.prefix(10))")
      }
      if state == "Stopped" { return fail("the client is stopped") }
      guard ["Running", "Starting"].contains(state) else {
        return fail("the client says \(state)", evidence: client.health.first)
      }
      guard node.online else {
        return fail(
          "the server calls node #\(node.id) offline while its client says \(state)",
          evidence: client.health.first)
      }
      let name = node.givenName == host.name ? "" : " (named \(node.givenName))"
      return .pass(.mesh, "node #\(node.id)\(name), online")
    case .none:
      return fail(
        "its key is not in the server's list",
        detail: "Its node was deleted, and the client does not know.")
    case .ambiguous(let nodes):
      return fail(
        "\(nodes.count) nodes could be it",
        evidence: nodes.map { "#\($0.id) \($0.givenName)" }.joined(separator: ", "),
        hint: "meshctl plan --probe --limit \(host.key)")
    case .pinMismatch(let pinned, let reported):
      return fail(
        "machine_key pins node #\(pinned.id), the host is #\(reported.id)",
        hint: "meshctl status --pins --probe --limit \(host.key)")
    case .otherMachine(let other, _):
      return fail(
        "it is node #\(other.id), which is not the machine that machine_key pins",
        hint: "meshctl status --pins --probe --limit \(host.key)")
    }
  }

  /// What the server says of the node that has the host's name.
  private static func byName(_ doctor: DoctorHost) -> String {
    guard let nodes = doctor.nodes,
      case .node(let node, _) = HostMatcher(nodes: nodes).match(doctor.host, facts: nil)
    else { return "" }
    return "; the server calls node #\(node.id) \(node.online ? "online" : "offline")"
  }

  private func fail(
    _ message: String, detail: String? = nil, evidence: String? = nil, hint: String? = nil
  ) -> DoctorCheck {
    .fail(
      .mesh,
      Diagnostic(
        .doctorMesh, .error, message, detail: detail, evidence: evidence,
        hint: hint ?? "meshctl apply --limit \(host.key)", host: host.key))
  }
}
