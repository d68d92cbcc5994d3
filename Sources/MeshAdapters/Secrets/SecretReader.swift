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
  /// - Returns: the value. Whether others may read its file is said where the inventory is read
  ///   (`InventoryFile`).
  /// - Throws: `Failure` (`MESH-SECRET-…`) which never holds the value; `CancellationError`.
  package func read(_ source: SecretSource, for purpose: String) async throws -> Secret {
    switch source {
    case .environment(let name):
      guard let value = environment[name] else {
        throw Failure(
          .secretEnvironment, "\(name) is not set", detail: "It names \(purpose).",
          hint: "export \(name)=…")
      }
      return try checked(value, purpose, "the variable \(name)")
    case .file(let path):
      return try file(path, purpose)
    case .command(let words):
      return try await command(words, purpose)
    }
  }

  /// Where the file of a secret is: `~/` is HOME, other relative paths start at the inventory's folder.
  static func place(_ path: String, folder: String, home: String?) -> String {
    if let home, path.hasPrefix("~/") { return home + path.dropFirst() }
    return path.hasPrefix("/") || folder.isEmpty ? path : folder + "/" + path
  }

  private func file(_ path: String, _ purpose: String) throws(Failure) -> Secret {
    let place = SecretReader.place(path, folder: folder, home: environment["HOME"])
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
    return try checked(text, purpose, "the file \(place)")
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
