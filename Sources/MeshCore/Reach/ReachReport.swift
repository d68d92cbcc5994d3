/// Who reached whom.
package struct ReachReport: Sendable, Equatable {
  /// How one question ended.
  package enum Outcome: Sendable, Equatable {
    case direct(ReachPath)
    case relayed(ReachPath)
    /// An endpoint that was reached; the milliseconds where they were measured.
    case reached(Double?)
    case unreachable(Diagnostic)
    /// Its turn never came, or nothing there can ask.
    case notAsked(Diagnostic)
  }
  /// One direction between two hosts.
  package struct Pair: Sendable, Equatable {
    package var from: String
    package var to: String
    package var address: String
    package var outcome: Outcome
  }
  /// One entry of a host's `expect` that is more than a pair.
  package struct Expectation: Sendable, Equatable {
    package var from: String
    package var endpoint: ReachEndpoint
    package var outcome: Outcome
  }
  /// One host that takes part.
  package struct Member: Sendable, Equatable {
    package var member: MeshMember
    /// True where it was to ask.
    package var isAsker: Bool
    /// Why it did not ask although it is present; nil otherwise.
    package var refusal: Diagnostic?

    package var host: String { member.host }
    /// What stands in the way of this host, if anything.
    package var finding: Diagnostic? { member.finding ?? refusal }
  }

  package var inventoryPath: String
  package var inventoryDigest: String
  package var server: ServerIdentity
  package var takenAt: Timestamp?
  package var simulated: Bool
  /// In inventory order.
  package var members: [Member]
  /// By asking host, then by asked one, in inventory order.
  package var pairs: [Pair]
  package var expectations: [Expectation]
  package var sample: ReachPlan.Sample?

  package init(
    inventory: Inventory, server: ServerIdentity, takenAt: Timestamp?, simulated: Bool,
    members: [Member], pairs: [Pair], expectations: [Expectation], sample: ReachPlan.Sample?
  ) {
    inventoryPath = inventory.path
    inventoryDigest = inventory.digest
    self.server = server
    self.takenAt = takenAt
    self.simulated = simulated
    self.members = members
    self.pairs = pairs
    self.expectations = expectations
    self.sample = sample
  }

  /// The numbers of the last line.
  package struct Counts: Sendable, Equatable {
    package var direct = 0
    package var relayed = 0
    package var unreachable = 0
    package var notAsked = 0
    package var endpointsReached = 0
    package var endpointsFailed = 0
    /// Hosts that were to ask and could not, or are not on the mesh; excused ones not counted.
    package var hostsFailed = 0
    /// Hosts that are away and may be.
    package var away = 0
  }

  package var counts: Counts {
    var counts = Counts()
    for pair in pairs {
      switch pair.outcome {
      case .direct, .reached: counts.direct += 1
      case .relayed: counts.relayed += 1
      case .unreachable: counts.unreachable += 1
      case .notAsked: counts.notAsked += 1
      }
    }
    for expectation in expectations {
      switch expectation.outcome {
      case .direct, .relayed, .reached: counts.endpointsReached += 1
      case .unreachable, .notAsked: counts.endpointsFailed += 1
      }
    }
    for member in members where member.finding != nil {
      if member.member.isExcused { counts.away += 1 } else { counts.hostsFailed += 1 }
    }
    return counts
  }

  /// True where everything that was to be asked was asked and reached.
  package var isComplete: Bool {
    let counts = counts
    return counts.unreachable == 0 && counts.notAsked == 0 && counts.endpointsFailed == 0
      && counts.hostsFailed == 0
  }
}

extension ReachReport.Outcome {
  package var finding: Diagnostic? {
    switch self {
    case .unreachable(let finding), .notAsked(let finding): finding
    case .direct, .relayed, .reached: nil
    }
  }
}
