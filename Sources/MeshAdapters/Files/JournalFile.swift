import MeshCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// The journal of one user: lines are only ever added, each by one write.
///
/// Several runs add to it at once, of other meshes or of parts of one; whoever finds it full moves it
/// aside under its lock.
package actor JournalFile {
  package static let name = "journal.jsonl"
  /// Older files, `journal.jsonl.1` being the youngest.
  package static let kept = 5
  /// Bytes of one file.
  package static let limit = 5 << 20

  private let folder: String
  private let limit: Int
  private var file: FileDescriptor?

  /// - Parameters:
  ///   - folder: of this user, made where missing; `StateDirectory` says which.
  ///   - limit: bytes after which a new file is begun.
  package init(folder: String, limit: Int = JournalFile.limit) {
    self.folder = folder
    self.limit = limit
  }

  /// Adds one line.
  ///
  /// - Throws: `Failure` with `MESH-JOURNAL-UNWRITABLE`; no part of the line is left then.
  package func append(_ line: String) throws {
    do { try write(Array(line.utf8)) } catch let error as Errno {
      try? file?.close()
      file = nil
      throw Failure(
        .journalUnwritable, "cannot write the journal \(folder)/\(JournalFile.name): \(error)",
        detail: "The run goes on; what it changes from here on is not in the journal.",
        hint: "set XDG_STATE_HOME to a folder of your own, mode 0700")
    }
  }

  package func close() {
    try? file?.close()
    file = nil
  }

  private func write(_ bytes: [UInt8]) throws {
    let place = try PrivateFolder(folder, for: .writing)
    // Others may move the file aside between opening and locking it; they do so once in a while.
    for _ in 0..<16 {
      let file = try self.file ?? place.file(JournalFile.name, O_RDWR | O_APPEND | O_CREAT)
      self.file = file
      try FileLock.take(file)
      defer { FileLock.release(file) }
      var size = 0
      if place.has(file, as: JournalFile.name) {
        size = Int(try file.seek(offset: 0, from: .end))
        if size == 0 || size + bytes.count <= limit { return try put(bytes, file, size) }
        try JournalFile.rotate(place)
      }
      // The lock ends with the descriptor.
      try file.close()
      self.file = nil
    }
    throw Errno.resourceTemporarilyUnavailable
  }

  /// One write; what could be written of a line that does not fit on the disk is taken back.
  private func put(_ bytes: [UInt8], _ file: FileDescriptor, _ size: Int) throws {
    var line = bytes
    if size > 0 {
      var last: UInt8 = 0
      let count = try withUnsafeMutableBytes(of: &last) {
        try file.read(fromAbsoluteOffset: Int64(size - 1), into: $0)
      }
      // A line that was torn ends where the next one begins.
      if count == 1, last != UInt8(ascii: "\n") { line.insert(UInt8(ascii: "\n"), at: 0) }
    }
    do {
      let count = try line.withUnsafeBytes { try file.write($0) }
      guard count == line.count else { throw Errno.noSpace }
    } catch {
      ftruncate(file.rawValue, off_t(size))
      throw error
    }
  }

  private static func rotate(_ place: borrowing PrivateFolder) throws {
    for number in (1..<kept).reversed() {
      do { try place.rename("\(name).\(number)", to: "\(name).\(number + 1)") } catch {
        guard error == .noSuchFileOrDirectory else { throw error }
      }
    }
    try place.rename(name, to: "\(name).1")
  }
}
