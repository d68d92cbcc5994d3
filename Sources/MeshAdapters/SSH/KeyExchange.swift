import MeshCore

/// Finds out once a run whether a cheaper post-quantum key exchange can be preferred.
package enum KeyExchange {
  /// Post-quantum as OpenSSH's older default sntrup761, at a fraction of its processor time.
  static let preferred = "mlkem768x25519-sha256"

  /// The preferred algorithm, or nil where ssh does not have it, has it first already, or the user's
  /// configuration sets a list of its own, which must not be replaced.
  static func choose(
    program: String, environment: [String: String]
  ) async throws -> String? {
    func ask(_ arguments: [String]) async throws -> String? {
      let child = ChildProcess(
        executable: program, arguments: arguments, environment: environment, timeout: 10)
      do {
        let ending = try await child.run()
        return ending.status == 0 && !ending.timedOut ? ending.output : nil
      } catch let error as CancellationError {
        throw error
      } catch {
        // Without an answer ssh's own list stands; a missing ssh is reported by the first use.
        return nil
      }
    }
    guard let known = try await ask(["-Q", "kex"]),
      known.split(separator: "\n").contains(Substring(preferred))
    else { return nil }
    let probe = "meshctl-kex.invalid"
    guard let user = try await ask(["-G", "--", probe]),
      let bare = try await ask(["-F", "none", "-G", "--", probe])
    else { return nil }
    return choose(configured: list(user), builtIn: list(bare))
  }

  /// Decides from two lists: as configured for the user, and as built in.
  package static func choose(configured: [Substring]?, builtIn: [Substring]?) -> String? {
    guard let configured, let builtIn, configured == builtIn,
      builtIn.first != Substring(preferred)
    else { return nil }
    return preferred
  }

  /// The key exchange list in the output of `ssh -G`.
  package static func list(_ configuration: String) -> [Substring]? {
    for line in configuration.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      if words.count == 2, words[0].lowercased() == "kexalgorithms" {
        return words[1].split(separator: ",")
      }
    }
    return nil
  }
}
