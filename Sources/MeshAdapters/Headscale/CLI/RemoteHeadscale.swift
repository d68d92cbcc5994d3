import MeshCore
import YAMLReader

/// The `headscale` command on the server, through the system's OpenSSH client.
///
/// The same arguments and the same host key rules as for hosts; one connection for all commands. The
/// command line travels quoted on the standard input of `sh -s`, so any login shell will do, and the
/// server's clock comes in the same round trip, since the command prints no date.
struct RemoteHeadscale: HeadscaleRunner {
  private let login: String
  private let hosts: OpenSSHHosts
  private let host: Host
  private let timeout: Double
  private let clock = ServerClock()

  /// - Parameters:
  ///   - login: `[user@]host[:port]`.
  ///   - environment: of this process; ssh gets what it needs of it.
  ///   - program: the ssh client.
  ///   - timeout: seconds for one command, the connection included.
  init(
    login: String, environment: [String: String], program: String = "ssh", timeout: Double = 40
  ) {
    self.login = login
    self.timeout = timeout
    host = Self.host(login)
    hosts = OpenSSHHosts(environment: environment, program: program)
  }

  var name: String { "\(command) headscale" }

  func run(_ arguments: [String], outputLimit: Int) async throws -> HeadscaleAnswer {
    let mark = randomWord()
    let words = (["headscale"] + arguments).map { ShellQuoting.quoted($0) }
    let script = """
      printf '%s %s\\n' \(mark) "$(date -u +%s)"
      exec \(words.joined(separator: " ")) </dev/null

      """
    let ending: ChildProcess.Ending
    do {
      ending = try await hosts.send(
        Secret(script), to: RemoteCommand.plain, on: host, timeout: timeout, what: "headscale",
        outputLimit: outputLimit + 256)
    } catch let failure as Failure {
      let isTimeout = failure.diagnostic.code == .sshTimeout
      throw APIProblem(isTimeout ? .unclear : .neverSent, told(failure))
    }
    guard let (time, output) = Self.parse(ending.output, mark: mark) else {
      throw unconnected(ending)
    }
    // 255 is the connection's end, with ssh's words, or the command's own status without any.
    if ending.status == 255, CLIWords.evidence(ending.error) != nil {
      throw APIProblem(.unclear, told(SSHClassifier.failure(of: ending.error, host: host)))
    }
    clock.saw(time)
    return HeadscaleAnswer(
      status: ending.status, output: output, error: ending.error,
      outputWasCut: ending.outputWasCut, serverTime: time)
  }

  func now() -> Timestamp { clock.now() }

  func close() async { await hosts.close() }

  // MARK: Answers

  /// What stands behind our mark; a login script may have printed something before.
  private static func parse(_ text: String, mark: String) -> (Timestamp, String)? {
    // By bytes, because "\r\n" is one Character.
    guard let start = text.utf8.firstRange(of: Array("\(mark) ".utf8)),
      let end = text.utf8[start.upperBound...].firstIndex(of: 0x0A),
      let seconds = Int64(text[start.upperBound..<end])
    else { return nil }
    return (Timestamp(seconds: seconds), String(text[text.utf8.index(after: end)...]))
  }

  private func unconnected(_ ending: ChildProcess.Ending) -> APIProblem {
    guard ending.status == 255 else {
      return APIProblem(
        .unclear,
        Failure(
          .apiCommand, "\(login) does not run commands over SSH",
          detail: "server.api.ssh needs a login with a shell.",
          // Never standard output: while a key is made, the key stands there.
          evidence: CLIWords.evidence(ending.error)
            ?? "exit \(ending.status) without a word on standard error",
          hint: "try it by hand: \(command) true"))
    }
    let verdict = SSHClassifier.verdict(of: ending.error, pinned: false, jumps: false)
    let failure = told(SSHClassifier.failure(of: ending.error, host: host))
    return APIProblem(verdict == .lost || verdict == .other ? .unclear : .neverSent, failure)
  }

  /// An error of the SSH adapter, which speaks of hosts of the inventory, told of the server.
  private func told(_ failure: Failure) -> Failure {
    var diagnostic = failure.diagnostic
    diagnostic.host = nil
    let about = "meshctl reaches Headscale there (server.api.ssh)."
    diagnostic.detail = [diagnostic.detail, about].compactMap(\.self).joined(separator: " ")
    if diagnostic.code != .sshHostKeyChanged { diagnostic.hint = "try it by hand: \(command) true" }
    return Failure(diagnostic)
  }

  /// `ssh -p 2222 root@mesh`.
  private var command: String { SSHClassifier.command(host) }

  /// The login as a host to which nothing but ssh's own configuration applies.
  private static func host(_ login: String) -> Host {
    let at = login.lastIndex(of: "@")
    var address = at.map { login[login.index(after: $0)...] } ?? login[...]
    var port: Int?
    // One colon is a port, more of them are an IPv6 address, which has its port behind brackets.
    let isBracketed = address.hasPrefix("[")
    if isBracketed || address.utf8.count(where: { $0 == UInt8(ascii: ":") }) == 1,
      let colon = address.lastIndex(of: ":"),
      let number = Int(address[address.index(after: colon)...])
    {
      port = number
      address = address[..<colon]
    }
    if isBracketed { address = address.drop { $0 == "[" }.prefix { $0 != "]" } }
    var host = Host(
      key: String(address), mark: SourceMark(line: 1, column: 1), address: String(address))
    if let port { host.port = port }
    host.ssh.user = at.map { String(login[..<$0]) }
    return host
  }
}
