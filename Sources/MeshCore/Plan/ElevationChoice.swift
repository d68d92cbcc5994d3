/// How root can be had on a host, from its facts and the inventory's `become`.
package enum ElevationChoice: Sendable, Equatable {
  case ready(Way)
  /// sudo wants a password.
  case password
  /// In words; with what sudo or doas said, where that is the reason.
  case impossible(String, SudoClassifier.Verdict? = nil)

  package enum Way: Sendable { case root, sudo, doas }

  package static func choose(_ become: BecomeSettings, facts: HostFacts) -> ElevationChoice {
    if facts.elevation == .root { return .ready(.root) }
    if facts.os == .windows {
      return .impossible("\(facts.user) is no administrator there")
    }
    switch (become.method, facts.elevation) {
    case (.none, _):
      return .impossible("become.method is none, and \(facts.user) is not root")
    case (.doas, .doas), (.auto, .doas): return .ready(.doas)
    case (.sudo, .sudo), (.auto, .sudo): return .ready(.sudo)
    case (.sudo, .sudoPassword), (.auto, .sudoPassword): return .password
    case (.doas, .doasPassword), (.auto, .doasPassword):
      return .impossible("doas asks \(facts.user) for a password", .doasPassword)
    case (.sudo, .terminal), (.auto, .terminal):
      return .impossible("sudo insists on a terminal", .terminalNeeded)
    case (.sudo, .noNewPrivileges), (.auto, .noNewPrivileges):
      return .impossible("\(facts.user) may not gain privileges", .noNewPrivileges)
    case (_, .refused): return .impossible("sudo refuses \(facts.user)")
    case (.doas, _): return .impossible("doas -n does not work for \(facts.user)")
    case (_, _):
      return .impossible(
        "\(facts.user) is not root, and there is no sudo and no doas", .missing)
    }
  }
}
