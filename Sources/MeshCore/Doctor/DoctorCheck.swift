/// One thing that doctor looked at.
package struct DoctorCheck: Sendable, Equatable {
  /// What is looked at, in the order in which one thing needs the one before.
  package enum Kind: String, Sendable, Hashable, CaseIterable {
    // Once.
    case inventory, api
    case apiKey = "api-key"
    case serverVersion = "server-version"
    case policy, clock
    // For each host.
    case address, tcp
    case hostKey = "host-key"
    case login, os, elevation
    case packageSource = "package-source"
    case serverURL = "server-url"
    case clientVersion = "client-version"
    case mesh

    package static let ofHost: [Kind] = [
      .address, .tcp, .hostKey, .login, .os, .elevation, .packageSource, .serverURL,
      .clientVersion, .mesh,
    ]
  }
  package enum Verdict: String, Sendable, Hashable, CaseIterable {
    case pass, fail
    /// It could not be looked at, and the words say why.
    case unknown
  }

  package var kind: Kind
  package var verdict: Verdict
  /// What was found, one phrase; raw.
  package var words: String
  /// What is wrong and what to do, for failures; of a pass a warning.
  package var finding: Diagnostic?

  package static func pass(
    _ kind: Kind, _ words: String, warning: Diagnostic? = nil
  ) -> DoctorCheck {
    DoctorCheck(kind: kind, verdict: .pass, words: words, finding: warning)
  }

  package static func fail(_ kind: Kind, _ finding: Diagnostic) -> DoctorCheck {
    DoctorCheck(kind: kind, verdict: .fail, words: finding.message, finding: finding)
  }

  package static func unknown(
    _ kind: Kind, _ words: String, finding: Diagnostic? = nil
  ) -> DoctorCheck {
    DoctorCheck(kind: kind, verdict: .unknown, words: words, finding: finding)
  }
}

/// Everything that doctor looked at.
package struct DoctorReport: Sendable, Equatable {
  package struct HostPart: Sendable, Equatable {
    /// The inventory key.
    package var host: String
    package var os: OperatingSystem
    package var checks: [DoctorCheck]

    package init(host: String, os: OperatingSystem, checks: [DoctorCheck]) {
      self.host = host
      self.os = os
      self.checks = checks
    }

    /// The gravest of its checks.
    package var verdict: DoctorCheck.Verdict {
      let verdicts = Set(checks.map(\.verdict))
      if verdicts.contains(.fail) { return .fail }
      return verdicts.contains(.unknown) ? .unknown : .pass
    }
  }

  package var inventoryPath: String
  package var inventoryDigest: String
  package var serverURL: String
  package var simulated: Bool
  /// Of the inventory and the server.
  package var server: [DoctorCheck]
  /// In inventory order.
  package var hosts: [HostPart]

  package init(
    inventory: Inventory, serverURL: String, simulated: Bool, server: [DoctorCheck],
    hosts: [HostPart]
  ) {
    inventoryPath = inventory.path
    inventoryDigest = inventory.digest
    self.serverURL = serverURL
    self.simulated = simulated
    self.server = server
    self.hosts = hosts
  }

  /// How many checks ended so.
  package func count(_ verdict: DoctorCheck.Verdict) -> Int {
    (server + hosts.flatMap(\.checks)).count { $0.verdict == verdict }
  }
}
