package import MeshCore

/// Who keeps what `prepare` does to hosts.
package protocol PrepareTrail: Sendable {
  /// Something is about to be written on a host, for the first time there.
  func begins(_ host: String) async

  /// A host where something may have been written is done with.
  ///
  /// - Parameters:
  ///   - host: the inventory key.
  ///   - written: in words, what was written or taken back, and what was begun last.
  ///   - ending: how it ended.
  func ended(_ host: String, written: [String], _ ending: PrepareEnding) async
}

/// How the work on a host that was touched ended.
package enum PrepareEnding: Sendable, Equatable {
  case done
  case failed(Diagnostic)
  /// Stopped meanwhile; whether all of it took effect is not known.
  case interrupted
}

/// Keeps nothing: a rehearsal.
package struct NoPrepareTrail: PrepareTrail {
  package init() {}
  package func begins(_ host: String) {}
  package func ended(_ host: String, written: [String], _ ending: PrepareEnding) {}
}

extension RemoteCall {
  /// What the call writes, as the journal has it; texts that were shown are named, not repeated.
  var written: String {
    func value(_ name: String) -> String { parameters.first { $0.name == name }?.value ?? "" }
    switch script {
    case .prepare:
      switch value("PART") {
      case "operator": return "operator \(value("LOGIN"))"
      case "key": return "~/.ssh/authorized_keys: \(value("TEXT"))"
      default: return "\(value("PLACE")): root without a password for \(value("LOGIN"))"
      }
    case .prepareUndo:
      switch value("PART") {
      case "rule": return "the rule: taken back"
      case "key": return "keys in ~/.ssh/authorized_keys: taken back"
      default: return "what prepare wrote as root: taken back"
      }
    case .startService: return "service: enabled and started"
    default: return script.installs ? "tailscale: installed" : script.rawValue
    }
  }
}
