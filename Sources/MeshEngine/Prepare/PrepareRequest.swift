package import MeshCore

/// What `meshctl prepare` was asked for.
package struct PrepareRequest: Sendable {
  package enum Task: Sendable, Equatable {
    case grant(Preparation.Form)
    case undo
  }

  package var task: Task
  /// A public key for the login user's authorized_keys.
  package var key: PublicKeyLine?
  /// False in a simulated mesh, which reads no secret.
  package var asksPasswords: Bool

  package init(task: Task, key: PublicKeyLine? = nil, asksPasswords: Bool = true) {
    self.task = task
    self.key = key
    self.asksPasswords = asksPasswords
  }
}

/// How one host ended.
package struct PrepareOutcome: Sendable, Equatable {
  package enum Result: Sendable, Equatable {
    case done
    /// There was nothing to do.
    case unneeded
    case declined
    case failed(Diagnostic)
  }

  package var host: String
  package var result: Result
  /// True once something may have been written there.
  package var touched: Bool

  package init(host: String, result: Result, touched: Bool) {
    self.host = host
    self.result = result
    self.touched = touched
  }
}
