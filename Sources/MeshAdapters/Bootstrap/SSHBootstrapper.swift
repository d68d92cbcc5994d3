package import MeshCore
import MeshEngine
import Subprocess

/// Enables SSH by a local command or by files, as the inventory's `bootstrap` says.
package struct SSHBootstrapper: SSHBootstrapping {
  private let keys: PublicKeyFiles
  private let environment: [String: String]
  private let ssh: String
  private let commandTimeout: Double

  /// - Parameters:
  ///   - environment: of this process.
  ///   - withheld: variables that hold secrets and are not passed to commands.
  ///   - ssh: the ssh client, asked for the user that it would log in as.
  ///   - commandTimeout: seconds; adding the server to Windows takes minutes.
  package init(
    environment: [String: String], withheld: Set<String> = [APIAccess.keyVariable],
    ssh: String = "ssh", commandTimeout: Double = 900
  ) {
    keys = PublicKeyFiles(environment: environment)
    self.environment = environment.filter { !withheld.contains($0.key) }
    self.ssh = ssh
    self.commandTimeout = commandTimeout
  }

  package func deliver(
    _ way: EnableSSHStep.Way, to host: Host
  ) async throws -> String {
    let reading = try keys.keys(for: host)
    let count = Count.of(reading.keys.keys.count, "public key")
    switch way {
    case .command(let words):
      let request = BootstrapRequest(
        os: host.os, keys: reading.keys, user: try await loginUser(host))
      let warning = try await run(words, BootstrapScript.standardInput(request), on: host)
      return "`\(words.first ?? "")` ran the script with \(count)"
        + (warning.map { " (\($0))" } ?? "")
    case .files(let folder):
      do {
        let there = try BundleFolder(folder).others(than: reading.keys)
        let besides = there == 0 ? "" : " and \(there) that were there"
        let results = try BundleFolder(folder).write(
          BootstrapBundle.files(BootstrapRequest(os: host.os, keys: reading.keys)), force: false)
        let isNew = results.contains { $0.result != .same }
        let done = isNew ? "files with \(count)\(besides) were put into " : "the files are there: "
        return done + folder
      } catch var failure as Failure {
        failure.diagnostic.host = host.key
        throw failure
      }
    }
  }

  // MARK: Command

  /// - Returns: the first warning of the script.
  private func run(_ words: [String], _ script: String, on host: Host) async throws -> String? {
    let program = words.first ?? ""
    func failed(_ why: String, _ evidence: String?) -> Failure {
      Failure(
        .bootstrapCommand, "bootstrap.command of \(host.key): `\(program)` \(why)",
        detail: "It was to run the script on its standard input in the guest.", evidence: evidence,
        hint: "try it by hand: meshctl bootstrap \(host.os.rawValue) --host \(host.key) | "
          + words.map(ShellQuoting.quoted).joined(separator: " "), host: host.key)
    }
    var child = ChildProcess(
      executable: program, arguments: Array(words.dropFirst()), environment: environment,
      timeout: commandTimeout)
    child.input = Secret(script)
    child.outputLimit = 64 << 10
    let ending: ChildProcess.Ending
    do { ending = try await child.run() } catch let error as SubprocessError {
      throw failed("cannot be started", "\(error)")
    }
    let said = ending.output + "\n" + ending.error
    let refusal = TextEvidence.line(containing: "FAILED: ", in: said)
    let evidence =
      refusal ?? TextEvidence.lastLine(of: ending.error) ?? TextEvidence.lastLine(of: ending.output)
    if ending.timedOut { throw failed("did not end within \(Int(commandTimeout)) s", evidence) }
    guard ending.status == 0 else { throw failed("failed (exit \(ending.status))", evidence) }
    // Some (az vm run-command) end with 0 whatever the script did.
    if let refusal { throw failed("ran the script, which failed", refusal) }
    return TextEvidence.line(containing: "WARNING: ", in: said)
  }

  /// Whom ssh would log in as, which its own configuration may say.
  private func loginUser(_ host: Host) async throws -> String {
    if let user = host.ssh.user { return user }
    let child = ChildProcess(
      executable: ssh, arguments: ["-G", "--", host.address],
      environment: SSHEnvironment.filtered(environment), timeout: 10)
    func failed(_ evidence: String?) -> Failure {
      Failure(
        .sshProgram, "\(ssh) does not say whom it would log in as on \(host.key)",
        detail: "The public keys go to that account.", evidence: evidence,
        hint: "write ssh: {user: …} for \(host.key)", host: host.key)
    }
    let ending: ChildProcess.Ending
    do { ending = try await child.run() } catch let error as SubprocessError {
      throw failed("\(error)")
    }
    let line = ending.output.split(separator: "\n").first { $0.hasPrefix("user ") }
    guard ending.status == 0, let user = line?.dropFirst("user ".count), !user.isEmpty else {
      throw failed(TextEvidence.lastLine(of: ending.error))
    }
    return String(user)
  }
}
