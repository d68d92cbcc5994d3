package import MeshCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Reads the journal from its oldest file on, a piece at a time.
package struct JournalReader {
  /// What was no entry, by file.
  package private(set) var skipped: [(file: String, lines: Int)] = []
  private let folder: String
  /// Called when the journal is open and its lock not yet taken; for tests of what may happen there.
  private let beforeLock: () throws -> Void

  package init(folder: String, beforeLock: @escaping () throws -> Void = {}) {
    self.folder = folder
    self.beforeLock = beforeLock
  }

  /// Hands every entry to `body`, the oldest first; false ends the reading.
  ///
  /// All files are opened before the first is read, under the lock that moving them aside takes, so
  /// that no entry is seen twice or missed.
  ///
  /// - Throws: `Failure` with `MESH-JOURNAL-UNREADABLE`, and what `body` throws. A journal that is not
  ///   there has no entries.
  package mutating func read(_ body: (JournalEntry) throws -> Bool) throws {
    var goesOn = true
    for (name, file) in try opened() {
      defer { try? file.close() }
      guard goesOn else { continue }
      var lines = 0
      do {
        goesOn = try JournalReader.lines(of: file) { line in
          guard let entry = line.flatMap(JournalEntry.init(line:)) else {
            lines += 1
            return true
          }
          return try body(entry)
        }
      } catch let error as Errno {
        throw unreadable(name, error)
      }
      if lines > 0 { skipped.append((name, lines)) }
    }
  }

  private func opened() throws -> [(String, FileDescriptor)] {
    let place: PrivateFolder
    do { place = try PrivateFolder(folder, for: .reading) } catch let error as Errno {
      if error == .noSuchFileOrDirectory { return [] }
      throw unreadable("", error)
    }
    let current = try locked(place)
    defer { if let current { FileLock.release(current) } }
    var files: [(String, FileDescriptor)] = []
    for number in (1...JournalFile.kept).reversed() {
      let name = "\(JournalFile.name).\(number)"
      if let file = try file(name, place) { files.append((name, file)) }
    }
    return files + (current.map { [(JournalFile.name, $0)] } ?? [])
  }

  /// The file that is written at present, with its lock; nil where there is none.
  ///
  /// One that was moved aside before its lock was had is among the older ones, and a new one took its
  /// place.
  private func locked(_ place: borrowing PrivateFolder) throws -> FileDescriptor? {
    for _ in 0..<16 {
      guard let current = try file(JournalFile.name, place) else { return nil }
      do { try beforeLock() } catch {
        try? current.close()
        throw error
      }
      // One that is held for long is read all the same: history is better than none.
      try? FileLock.take(current, shared: true)
      if place.has(current, as: JournalFile.name) { return current }
      // The lock ends with the descriptor.
      try? current.close()
    }
    throw unreadable(JournalFile.name, .resourceTemporarilyUnavailable)
  }

  /// Nil where there is none of that name.
  private func file(
    _ name: String, _ place: borrowing PrivateFolder
  ) throws -> FileDescriptor? {
    do { return try place.file(name, O_RDONLY) } catch let error as Errno {
      guard error == .noSuchFileOrDirectory else { throw unreadable(name, error) }
      return nil
    }
  }

  /// Hands every line to `body` without its line feed; nil for one that is longer than any entry.
  ///
  /// - Returns: false where `body` ended it.
  private static func lines(
    of file: FileDescriptor, _ body: ([UInt8]?) throws -> Bool
  ) throws -> Bool {
    var line: [UInt8] = []
    var isTooLong = false
    func end() throws -> Bool {
      defer {
        line.removeAll(keepingCapacity: true)
        isTooLong = false
      }
      return try body(isTooLong ? nil : line)
    }
    while true {
      let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, count in
        count = try file.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      if chunk.isEmpty { return line.isEmpty && !isTooLong ? true : try end() }
      for piece in chunk.split(
        separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false
      ).enumerated() {
        if piece.offset > 0, !line.isEmpty || isTooLong { guard try end() else { return false } }
        guard !isTooLong else { continue }
        if line.count + piece.element.count > JournalEntry.longest {
          isTooLong = true
          line.removeAll()
        } else {
          line += piece.element
        }
      }
    }
  }

  private func unreadable(_ name: String, _ error: Errno) -> Failure {
    let path = name.isEmpty ? folder : folder + "/" + name
    return Failure(
      .journalUnreadable, "cannot read the journal \(path): \(error)",
      hint: "it belongs to the user whose runs it is about; see XDG_STATE_HOME")
  }
}
