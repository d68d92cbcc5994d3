/// What a host's answer to its question means.
package struct ReachJudge: Sendable {
  private let question: ReachPlan.Question
  private let node: MeshNode?

  /// `member` is the asking host.
  package init(_ question: ReachPlan.Question, member: MeshMember?) {
    self.question = question
    node = member?.node
  }

  /// What one host found out.
  package struct Finding: Sendable, Equatable {
    package var pairs: [ReachReport.Pair]
    package var expectations: [ReachReport.Expectation]
    /// Why the host could not ask its peers; the pairs are left out then.
    package var refusal: Diagnostic?
  }

  /// - Parameter report: the sections of the script `verify`.
  /// - Returns: an outcome for every question, or why none of the pings counts.
  package func finding(of report: ScriptReport) -> Finding {
    let refusal = refusal(report)
    let pings = question.peers.indices.map { index in
      report.sections["ping-\(index + 1)"].map { PingAnswer(status: $0.status, text: $0.text) }
    }
    let expectations = question.endpoints.enumerated().map { index, endpoint in
      let section = report.sections["endpoint-\(index + 1)"]
      return ReachReport.Expectation(
        from: question.host, endpoint: endpoint,
        outcome: section.map {
          outcome(EndpointAnswer(status: $0.status, text: $0.text), section: $0, endpoint)
        } ?? .notAsked(outOfTime(endpoint.label)))
    }
    var down: String?
    for case .clientDown(let words)? in pings { down = down ?? words }
    if let refusal = refusal
      ?? down.map({
        ReachWords.client(
          question.host, "the client on \(question.host) cannot ask its peers", evidence: $0)
      })
    {
      return Finding(pairs: [], expectations: expectations, refusal: refusal)
    }
    let pairs = zip(question.peers, pings).enumerated().map { index, asked in
      let (peer, answer) = asked
      return ReachReport.Pair(
        from: question.host, to: peer.host, address: peer.address,
        outcome: answer.map { outcome($0, report.sections["ping-\(index + 1)"], peer) }
          ?? .notAsked(outOfTime(peer.host)))
    }
    return Finding(pairs: pairs, expectations: expectations, refusal: nil)
  }

  /// Why nothing that this client says of peers counts; nil where it does.
  private func refusal(_ report: ScriptReport) -> Diagnostic? {
    let host = question.host
    guard let section = report.sections["status"] else { return nil }
    if section.status == 127 {
      return ReachWords.client(host, "no client is installed on \(host)", evidence: nil)
    }
    // On Windows a question by the wrong user takes the node off the mesh (docs/scripts.md).
    if section.status == 77 {
      return ReachWords.client(
        host, "the client on \(host) may not be asked by this login", evidence: section.text)
    }
    guard let status = ClientStatusParser.parse(section.text) else {
      return ReachWords.client(
        host, "the client on \(host) does not answer",
        evidence: TextEvidence.lastLine(of: section.text))
    }
    guard ["Running", "Starting"].contains(status.backendState) else {
      return ReachWords.client(
        host, "the client on \(host) is not running: \(status.backendState)",
        evidence: status.health.first)
    }
    if let node, let key = status.nodeKey, key != node.nodeKey {
      return ReachWords.otherNode(host, listed: node)
    }
    return nil
  }

  private func outcome(
    _ answer: PingAnswer, _ section: ScriptReport.Section?, _ peer: ReachPlan.Peer
  ) -> ReachReport.Outcome {
    let evidence = section.flatMap { TextEvidence.lastLine(of: $0.text) }
    let pair = "\(question.host) → \(peer.host)"
    let again = "on \(question.host): tailscale ping \(peer.address)"
    switch answer {
    case .pong(let path): return path.isDirect ? .direct(path) : .relayed(path)
    case .noAnswer:
      return .unreachable(
        pairFinding(
          .reachNoAnswer, "\(peer.host) does not answer \(question.host)",
          "The server says it is online, but neither a direct path nor a relay leads there.",
          evidence, again))
    case .noPeer:
      return .unreachable(
        pairFinding(
          .reachNoPeer, "\(question.host) is not told of \(peer.host)",
          "No rule of the policy lets the two talk, or the client has not heard of it yet.",
          evidence, "headscale policy get; then \(again)"))
    case .expired:
      return .unreachable(
        pairFinding(
          .reachExpired, "\(question.host) says that the key of \(peer.host) has expired",
          "Its own list of peers decides, not the server's.", evidence,
          "meshctl apply --limit \(peer.host)"))
    case .itself:
      return .unreachable(
        pairFinding(
          .reachIdentity, "\(peer.address) of \(peer.host) is \(question.host) itself",
          "Two hosts of the inventory are one machine.", evidence,
          "meshctl plan --probe --limit \(question.host),\(peer.host)"))
    case .clientDown(let words), .unknown(let words?):
      return .unreachable(
        pairFinding(
          .reachUnclear, "\(pair) gave an answer that meshctl does not know", nil, words, again))
    case .unknown(nil):
      return .unreachable(
        pairFinding(.reachUnclear, "\(pair) gave no words at all", nil, nil, again))
    }
  }

  private func outcome(
    _ answer: EndpointAnswer, section: ScriptReport.Section, _ endpoint: ReachEndpoint
  ) -> ReachReport.Outcome {
    let host = question.host
    let evidence = TextEvidence.lastLine(of: section.text)
    let port = endpoint.port.map(String.init) ?? ""
    let there = endpoint.host.map { "on \($0): " } ?? ""
    switch answer {
    case .reached(let milliseconds): return .reached(milliseconds)
    case .refused:
      return .unreachable(
        pairFinding(
          .reachRefused, "\(endpoint.label) refuses \(host)",
          "Its host answers; nothing listens on that port, or a firewall says no.", evidence,
          "\(there)ss -ltn 'sport = :\(port)'"))
    case .timedOut:
      return .unreachable(
        pairFinding(
          .reachTimeout, "\(endpoint.label) does not answer \(host)",
          "A rule of the policy or a firewall drops it, or nobody has that address.", evidence,
          endpoint.host == nil
            ? "on \(host): ping \(endpoint.address)"
            : "headscale policy get; \(there)check the firewall for port \(port)"))
    case .unresolved:
      return .unreachable(
        pairFinding(
          .reachResolve, "`\(endpoint.address)` does not resolve on \(host)",
          "It is DNS, not the mesh.", evidence,
          "on \(host): getent hosts \(endpoint.address); for names of the mesh set accept_dns"))
    case .noRoute:
      return .unreachable(
        pairFinding(
          .reachNoRoute, "\(host) has no route to \(endpoint.label)",
          "The route is not approved, not advertised, or \(host) does not accept routes.", evidence,
          "meshctl plan --probe --limit \(host); set accept_routes for \(host)"))
    case .noTool(let words):
      return .notAsked(
        pairFinding(
          .reachNotAsked, "\(host) has no program to ask \(endpoint.label) with",
          "One of python3, bash, nc and curl is needed, or ping where no port is given.", words,
          "install python3 or nc on \(host)"))
    case .unknown(let words):
      return .unreachable(
        pairFinding(
          .reachUnclear, "asking \(endpoint.label) from \(host) failed in unknown words", nil,
          words, "on \(host): nc -vz \(endpoint.address) \(port)"))
    }
  }

  private func outOfTime(_ label: String) -> Diagnostic {
    pairFinding(
      .reachNotAsked, "the time was up before \(question.host) came to \(label)",
      "Too many of its peers did not answer.", nil,
      "meshctl verify --limit \(question.host) --sample 20")
  }

  private func pairFinding(
    _ code: DiagnosticCode, _ message: String, _ detail: String?, _ evidence: String?,
    _ hint: String
  ) -> Diagnostic {
    Diagnostic(
      code, .error, message, detail: detail, evidence: evidence, hint: hint, host: question.host)
  }
}
