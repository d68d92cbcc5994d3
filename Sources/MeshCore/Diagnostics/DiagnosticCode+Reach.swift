/// What `verify` finds: hosts that cannot be asked, and pairs that do not reach each other.
extension DiagnosticCode {
  // MARK: Hosts

  /// No node of the server's list is this host, or nobody knows which.
  package static let reachNotJoined = DiagnosticCode(rawValue: "MESH-REACH-NOT-JOINED")
  /// The server says that the host's node is offline.
  package static let reachOffline = DiagnosticCode(rawValue: "MESH-REACH-OFFLINE")
  /// The host's key has expired, so nobody lets it in.
  package static let reachExpired = DiagnosticCode(rawValue: "MESH-REACH-EXPIRED")
  /// The client on the asking host does not run or is not logged in.
  package static let reachClient = DiagnosticCode(rawValue: "MESH-REACH-CLIENT")
  /// The asking host is another node than the list says.
  package static let reachIdentity = DiagnosticCode(rawValue: "MESH-REACH-IDENTITY")

  // MARK: Pairs

  /// The peer does not answer.
  package static let reachNoAnswer = DiagnosticCode(rawValue: "MESH-REACH-NO-ANSWER")
  /// The asking host is not told of the peer: mostly the policy.
  package static let reachNoPeer = DiagnosticCode(rawValue: "MESH-REACH-NO-PEER")
  /// Only a relay connects the two (a note: it works).
  package static let reachRelayed = DiagnosticCode(rawValue: "MESH-REACH-RELAYED")
  /// A pair was not asked: the time was up, or no program there can ask.
  package static let reachNotAsked = DiagnosticCode(rawValue: "MESH-REACH-NOT-ASKED")
  /// The words of the answer are not known.
  package static let reachUnclear = DiagnosticCode(rawValue: "MESH-REACH-UNCLEAR")

  // MARK: Endpoints of `expect`

  /// The endpoint's host answers, and nothing listens on the port.
  package static let reachRefused = DiagnosticCode(rawValue: "MESH-REACH-REFUSED")
  /// The endpoint does not answer: a policy rule or a firewall that drops.
  package static let reachTimeout = DiagnosticCode(rawValue: "MESH-REACH-TIMEOUT")
  /// The endpoint's name does not resolve on the asking host.
  package static let reachResolve = DiagnosticCode(rawValue: "MESH-REACH-RESOLVE")
  /// The asking host has no route to the endpoint.
  package static let reachNoRoute = DiagnosticCode(rawValue: "MESH-REACH-NO-ROUTE")
}
