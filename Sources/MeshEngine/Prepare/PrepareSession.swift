package import MeshCore

/// Prepares hosts one after the other, with a person at the terminal.
package struct PrepareSession: Sendable {
  private let request: PrepareRequest
  private let hosts: any HostPreparing
  private let dialogue: any PrepareDialogue
  private let trail: any PrepareTrail

  package init(
    request: PrepareRequest, hosts: any HostPreparing, dialogue: any PrepareDialogue,
    trail: any PrepareTrail = NoPrepareTrail()
  ) {
    self.trail = trail
    self.request = request
    self.hosts = hosts
    self.dialogue = dialogue
  }

  /// One host that fails or is declined does not stop the others.
  ///
  /// - Throws: `CancellationError` only.
  package func run(_ list: [Host]) async throws -> [PrepareOutcome] {
    var passwords = PasswordDesk(dialogue: dialogue, request: request)
    var outcomes: [PrepareOutcome] = []
    for (index, host) in list.enumerated() {
      passwords.remaining = list.count - index - 1
      var work = PrepareWork(
        host: host, request: request, hosts: hosts, dialogue: dialogue, passwords: passwords,
        trail: trail)
      let result: PrepareOutcome.Result
      var ending = PrepareEnding.done
      do { result = try await work.run() } catch let error as CancellationError {
        if work.touched { await trail.ended(host.key, written: work.written, .interrupted) }
        throw error
      } catch {
        let finding = Failure(any: error).diagnostic.on(host: host.key)
        result = .failed(finding)
        ending = .failed(finding)
      }
      if work.touched { await trail.ended(host.key, written: work.written, ending) }
      passwords = work.passwords
      outcomes.append(PrepareOutcome(host: host.key, result: result, touched: work.touched))
    }
    return outcomes
  }
}

/// Asks for passwords: once a host, unless the person says that one is for all.
struct PasswordDesk: Sendable {
  let dialogue: any PrepareDialogue
  let request: PrepareRequest
  /// Hosts that still come.
  var remaining = 0
  private var shared: Secret?
  /// False once the person said no: that means every host.
  private var offersSharing = true

  init(dialogue: any PrepareDialogue, request: PrepareRequest) {
    self.dialogue = dialogue
    self.request = request
  }

  /// The password to try first.
  ///
  /// - Throws: `Failure` where none is given.
  func password(of login: String, on host: Host) async throws -> Secret {
    if let shared { return shared }
    return try await asked("sudo password of \(login) on \(host.key): ", host)
  }

  /// Asks once more after a wrong one, whatever it came from.
  mutating func again(of login: String, on host: Host) async throws -> Secret {
    shared = nil
    return try await asked(
      "sudo refused it. Once more, password of \(login) on \(host.key): ", host)
  }

  /// The password was accepted; offers it for the hosts that come.
  mutating func accepted(_ password: Secret, on host: Host) async throws {
    guard shared == nil, offersSharing, remaining > 0, request.asksPasswords else { return }
    let others = remaining == 1 ? "the other host" : "the other \(remaining) hosts"
    if try await dialogue.confirm(
      "Use the same password for \(others)? It is sent there as it was to \(host.key).")
    {
      shared = password
    } else {
      offersSharing = false
    }
  }

  private func asked(_ question: String, _ host: Host) async throws -> Secret {
    guard request.asksPasswords else { return Secret("simulated") }
    guard let secret = try await dialogue.password(question), !secret.isEmpty else {
      throw Failure(
        .declined, "no password was given for \(host.key)", detail: "Nothing was done there.",
        host: host.key)
    }
    return secret
  }
}
