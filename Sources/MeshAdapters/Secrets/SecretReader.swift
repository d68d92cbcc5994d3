package import MeshCore
import Subprocess

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Reads a secret from where the inventory says: a variable, a file, or a command.
///
/// Whether a command may be run at all (`--allow-commands`) is decided before, by whoever calls.
package struct SecretReader: Sendable {
  /// A secret and what a person should know about its source.
  package struct Reading: Sendable {
    package var secret: Secret
    package var warnings: [Diagnostic]
  }

  /// Bytes that a secret may have.
  private static let limit = 64 << 10

  private let folder: String
  private let environment: [String: String]
  private let commandTimeout: Double
  private let withheld: Set<String>

  /// - Parameters:
  ///   - folder: of the inventory; relative paths start there. Empty means the working directory.
  ///   - environment: of this process.
  ///   - commandTimeout: seconds.
  ///   - withheld: variables that hold secrets of their own and are not passed to commands.
  package init(
    folder: String, environment: [String: String], commandTimeout: Double = 30,
    withheld: Set<String> = [APIAccess.keyVariable]
  ) {
    self.withheld = withheld
    self.folder = folder
    self.environment = environment
    self.commandTimeout = commandTimeout
  }

  /// Reads it now.
  ///
  /// - Parameters:
  ///   - source: one of the three.
  ///   - purpose: what it is for, as messages name it: `the API key`.
  /// - Returns: the value and what a person should know about its source.
  /// - Throws: `Failure` (`MESH-SECRET-…`) which never holds the value; `CancellationError`.
  package func read(_ source: SecretSource, for purpose: String) async throws -> Reading {
    switch source {
    case .environment(let name):
      guard let value = environment[name] else {
        throw Failure(
          .secretEnvironment, "\(name) is not set", detail: "It names \(purpose).",
          hint: "export \(name)=…")
      }
      return Reading(secret: try checked(value, purpose, "the variable \(name)"), warnings: [])
    case .file(let path):
      return try file(path, purpose)
    case .command(let words):
      return Reading(secret: try await command(words, purpose), warnings: [])
    }
  }

  private func file(_ path: String, _ purpose: String) throws(Failure) -> Reading {
    let home = environment["HOME"].flatMap { path.hasPrefix("~/") ? $0 + path.dropFirst() : nil }
    let place = home ?? (path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path)
    func unreadable(_ why: String) -> Failure {
      Failure(
        .secretFile, "\(place) cannot be read", detail: "It holds \(purpose).", evidence: why,
        hint: "ls -l \(ShellQuoting.quoted(place))")
    }
    // Not blocking: opening a named pipe would wait for its writer.
    let descriptor = open(place, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { throw unreadable(String(cString: strerror(errno))) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw unreadable(String(cString: strerror(errno)))
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw unreadable("it is not a regular file") }
    guard status.st_size <= SecretReader.limit else { throw unreadable("it is larger than 64 KiB") }
    var bytes = [UInt8](repeating: 0, count: SecretReader.limit + 1)
    var filled = 0
    while filled < bytes.count {
      let room = bytes.count - filled
      let count = bytes.withUnsafeMutableBytes { buffer in
        read_(descriptor, buffer.baseAddress?.advanced(by: filled), room)
      }
      guard count >= 0 else { throw unreadable(String(cString: strerror(errno))) }
      if count == 0 { break }
      filled += count
    }
    guard filled <= SecretReader.limit else { throw unreadable("it is larger than 64 KiB") }
    guard let text = String(validating: bytes[..<filled], as: UTF8.self) else {
      throw malformed(purpose, "the file \(place)", "it is not UTF-8 text")
    }
    var warnings: [Diagnostic] = []
    if SecretReader.isTooOpen(
      mode: UInt32(status.st_mode), owner: status.st_uid, reader: geteuid())
    {
      warnings.append(
        Diagnostic(
          .secretPermissions, .warning, "others may read \(place)",
          detail: "It holds \(purpose).",
          evidence: "mode 0\(String(status.st_mode & 0o777, radix: 8))",
          hint: "chmod 600 \(ShellQuoting.quoted(place))"))
    }
    return Reading(secret: try checked(text, purpose, "the file \(place)"), warnings: warnings)
  }

  /// True where somebody may read a secret who is not meant to.
  ///
  /// A file of somebody else that its group may read was given to us by that group: systemd's
  /// credentials, mounted secrets of Kubernetes, root:meshctl 0640. 0600 would shut us out. Root is
  /// never in need of a group.
  package static func isTooOpen(mode: UInt32, owner: UInt32, reader: UInt32) -> Bool {
    let isGiven = owner != reader && reader != 0
    return mode & (isGiven ? 0o037 : 0o077) != 0
  }

  private func command(_ words: [String], _ purpose: String) async throws -> Secret {
    guard let program = words.first, !program.isEmpty else {
      throw Failure(
        .secretCommand, "the command for \(purpose) is empty",
        detail: "It must name a program and its arguments.", hint: "command: [pass, show, mesh]")
    }
    // The arguments may say where a secret lies; the program's name is enough to find the line.
    func failed(_ why: String, _ evidence: String?) -> Failure {
      Failure(
        .secretCommand, "`\(program)` \(why)", detail: "It was to give \(purpose).",
        evidence: evidence, hint: "run it by hand: its standard output must be the secret alone")
    }
    // A command that gives one secret has no business with another.
    let passed = environment.filter { !withheld.contains($0.key) }
    let child = ChildProcess(
      executable: program, arguments: Array(words.dropFirst()), environment: passed,
      timeout: commandTimeout, outputLimit: SecretReader.limit)
    let ending: ChildProcess.Ending
    do { ending = try await child.run() } catch let error as SubprocessError {
      throw failed("cannot be started", "\(error)")
    }
    var redactor = Redactor()
    for line in ending.output.split(whereSeparator: \.isNewline) {
      redactor.learn(Secret(String(line)))
    }
    let evidence = TextEvidence.lastLine(of: redactor.redacted(ending.error))
    if ending.timedOut { throw failed("did not end within \(Int(commandTimeout)) s", evidence) }
    guard ending.status == 0 else { throw failed("failed (exit \(ending.status))", evidence) }
    guard !ending.outputWasCut else { throw failed("printed more than 64 KiB", nil) }
    return try checked(ending.output, purpose, "the output of `\(program)`")
  }

  /// Without one final line end; one line of text.
  private func checked(
    _ text: String, _ purpose: String, _ source: String
  ) throws(Failure) -> Secret {
    var value = text[...]
    // Swift takes CR LF for one Character.
    if let last = value.last, last == "\n" || last == "\r\n" { value.removeLast() }
    guard !value.isEmpty else {
      throw Failure(
        .secretEmpty, "\(source) is empty", detail: "It was to give \(purpose).",
        hint: "put the secret there")
    }
    guard !value.contains(where: { $0.isNewline || $0 == "\0" }) else {
      throw malformed(purpose, source, "it has more than one line, or a NUL")
    }
    return Secret(String(value))
  }

  private func malformed(_ purpose: String, _ source: String, _ why: String) -> Failure {
    Failure(
      .secretForm, "\(source) is not one line of text", detail: "It was to give \(purpose).",
      evidence: why, hint: "leave the secret alone in it (for a command: … | head -n 1 by sh -c)")
  }
}

/// `read` of the C library; the type's own method hides it.
private func read_(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
  guard let buffer else { return 0 }
  return read(descriptor, buffer, count)
}
