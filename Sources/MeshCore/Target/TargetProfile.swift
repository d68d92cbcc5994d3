/// What meshctl can do with hosts of one operating system; one row of `all` each.
///
/// Scripts have one name and one contract on every system (docs/scripts.md); `ScriptText` picks the
/// file, so steps, judge and engine do not know which system they work on.
package struct TargetProfile: Sendable {
  package var os: OperatingSystem
  /// As people write it.
  package var displayName: String
  /// What reads the scripts there.
  package var language: ScriptLanguage = .posixShell
  /// Nil where hosts of this kind are supported; else what a later version brings, one sentence.
  package var missing: String?
  /// Facts from the answer of a probe, or why there are none.
  package var facts: @Sendable (RemoteAnswer, Host) -> ProbeResult = {
    LinuxTarget.facts(in: $0, of: $1)
  }
  /// The client's part of a report, with the version that an earlier probe read; nil where no client
  /// is installed.
  package var client: @Sendable (ScriptReport, String) -> ClientFacts? = {
    LinuxTarget.client(in: $0, version: $1)
  }

  package static let all: [TargetProfile] = [
    LinuxTarget.profile,
    MacTarget.profile,
    WindowsTarget.profile,
  ]

  /// The profile of an operating system.
  package static func of(_ os: OperatingSystem) -> TargetProfile {
    all.first { $0.os == os }
      ?? TargetProfile(os: os, displayName: os.rawValue, missing: "It comes with a later version.")
  }

  package var isSupported: Bool { missing == nil }

  /// Why nothing can be done on this host over SSH; nil where it can.
  package static func refusal(for host: Host) -> Diagnostic? {
    let profile = of(host.os)
    if host.connection == .local, profile.language == .powerShell {
      return Diagnostic(
        .targetUnsupported, .error, "connection: local is not for Windows hosts",
        detail: "meshctl runs on Linux and macOS, so \(host.key) cannot be the machine it runs on.",
        hint: "remove connection: local from \(host.key), and give it an address", host: host.key)
    }
    guard let missing = profile.missing else { return nil }
    return Diagnostic(
      .targetUnsupported, .error, "\(profile.displayName) hosts are not supported yet",
      detail: missing + " Its node is still compared, and changed where only the server is asked.",
      hint: "join \(host.key) by hand and pin it with machine_key", host: host.key)
  }
}

/// What a target's scripts are written in.
package enum ScriptLanguage: Sendable {
  case posixShell, powerShell
}
