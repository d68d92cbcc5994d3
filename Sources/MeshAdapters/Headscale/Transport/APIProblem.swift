import MeshCore

/// A call that did not succeed, with what its failure says about the server's state.
struct APIProblem: Error, Sendable {
  enum Reach: Sendable, Equatable {
    /// No request was sent, so nothing happened.
    case neverSent
    /// The server may or may not have done it: timeout, broken connection, 5xx, unreadable answer.
    case unclear
    /// The server answered a clear no (3xx, 4xx).
    case refused(status: Int)
  }

  var reach: Reach
  /// True where asking again may help.
  var isTransient: Bool
  var failure: Failure

  init(_ reach: Reach, transient: Bool = false, _ failure: Failure) {
    self.reach = reach
    self.isTransient = transient
    self.failure = failure
  }
}

/// When reads are tried again; writes never are.
struct ReadRetry: Sendable {
  /// Seconds before each further try, stretched by up to half at random.
  var delays: [Double]

  /// Three tries with waits of about 0.2 and 0.6 seconds.
  static let standard = ReadRetry(delays: [0.2, 0.6])
}
