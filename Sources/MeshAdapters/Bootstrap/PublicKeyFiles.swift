import Foundation
package import MeshCore

/// Reads the public keys that hosts are to let in.
package struct PublicKeyFiles: Sendable {
  /// Keys with the files they were found in, and what was passed over.
  package struct Reading: Sendable {
    package var keys = AuthorizedKeys()
    package var files: [String] = []
    package var warnings: [Diagnostic] = []

    package init() {}
  }

  private let environment: [String: String]

  package init(environment: [String: String]) { self.environment = environment }

  /// The keys of one host: of `bootstrap.authorized_keys`, else of `~/.ssh/*.pub` and of the file
  /// beside `ssh.identity_file`.
  ///
  /// - Throws: `Failure` where a named file cannot be read or there is no key at all.
  package func keys(for host: MeshCore.Host) throws -> Reading {
    if let file = host.bootstrap.authorizedKeys { return try read([file]) }
    var reading = try own()
    if let identity = host.ssh.identityFile.map({ expanded($0) + ".pub" }),
      BoundedFile.exists(identity), !reading.files.contains(identity)
    {
      reading.add(try read([identity]))
    }
    guard !reading.keys.isEmpty else { throw none(reading) }
    return reading
  }

  /// The keys of named files.
  ///
  /// - Throws: `Failure` for the first that is no file of public keys, or where none has a key.
  package func read(_ paths: [String]) throws -> Reading {
    var reading = Reading()
    for path in paths.map(expanded) {
      reading.keys.add(try parsed(path))
      reading.files.append(path)
    }
    guard !reading.keys.isEmpty else {
      throw Failure(
        .bootstrapNoKeys, "\(paths.joined(separator: ", ")) holds no public key",
        hint: "name a .pub file, or an authorized_keys file")
    }
    return reading
  }

  /// The keys in `~/.ssh/*.pub`; a file there that is none is passed over with a warning.
  package func standard() throws -> Reading {
    let reading = try own()
    guard !reading.keys.isEmpty else { throw none(reading) }
    return reading
  }

  private func own() throws -> Reading {
    var reading = Reading()
    let folder = expanded("~/.ssh")
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: folder) } catch {
      return reading
    }
    // A certificate is no key for authorized_keys, and its key has a file of its own.
    for name in names.sorted() where name.hasSuffix(".pub") && !name.hasSuffix("-cert.pub") {
      let path = folder + "/" + name
      do {
        reading.keys.add(try parsed(path))
        reading.files.append(path)
      } catch {
        var warning = error.diagnostic
        warning.severity = .warning
        reading.warnings.append(warning)
      }
    }
    return reading
  }

  private func parsed(_ path: String) throws(Failure) -> AuthorizedKeys {
    let bytes: [UInt8]
    do {
      bytes = try BoundedFile.read(path, limit: AuthorizedKeys.limit, what: "the public keys")
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(.fileUnreadable, "cannot read the public keys \(path)")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Failure(
        .bootstrapKeyForm, "\(path) is not UTF-8 text, so it holds no public key",
        detail: "PowerShell 5.1 writes UTF-16 by `>`.", hint: "name a .pub file of ssh-keygen")
    }
    return try AuthorizedKeys(parsing: text, source: path)
  }

  private func none(_ reading: Reading) -> Failure {
    Failure(
      .bootstrapNoKeys, "there is no public key to let in: none in ~/.ssh/*.pub",
      detail: "Without one nobody could log in where SSH is enabled.",
      evidence: reading.warnings.first?.message,
      hint: "ssh-keygen -t ed25519; or name a file: bootstrap.authorized_keys, --authorized-keys")
  }

  private func expanded(_ path: String) -> String {
    guard path.hasPrefix("~/"), let home = environment["HOME"], !home.isEmpty else { return path }
    return home + path.dropFirst()
  }
}

extension PublicKeyFiles.Reading {
  fileprivate mutating func add(_ other: PublicKeyFiles.Reading) {
    keys.add(other.keys)
    files += other.files
    warnings += other.warnings
  }
}
