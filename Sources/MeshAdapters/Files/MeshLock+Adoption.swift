import MeshCore

/// Ledgers that nobody would read any more: of a whole run that was killed before shards took over, of
/// shards of another N, of one that is not started again.
extension MeshLock {
  /// A file whose ids are adopted; nobody else writes into it as long as this lives.
  struct Abandoned {
    fileprivate let file: LockFile
    fileprivate let contents: LockFile.Contents

    /// Takes the ids out of the file, once they stand elsewhere.
    func clear() throws {
      var rest = contents
      rest.keys = []
      rest.announced = nil
      try file.write(rest)
    }
  }

  /// Copies the ids of keys that runs of other parts of this mesh left into `contents`.
  ///
  /// Done by the whole and by the first shard, so that two never adopt at once. A file that somebody holds
  /// keeps its ids; each of the others is held exclusively as long as what is returned lives. The mesh's
  /// file is held shared by every shard, which suffices: only the whole writes into it, and it is kept
  /// out.
  ///
  /// - Returns: the files to clear when the ids are written to the own one.
  /// - Throws: `Failure` when the mesh's own file cannot be used.
  func adopt(_ place: Place, into contents: inout LockFile.Contents) throws -> [Abandoned] {
    guard place.shard?.isFirst ?? true else { return [] }
    var found: [Abandoned] = []
    if let mesh { found += try abandoned(mesh) }
    for shard in place.shards() where shard != place.shard {
      // One bad file of another part must not stop this run: its ids cost a few minutes of key life.
      guard let file = try? LockFile.open(place.name(of: shard), in: place.directory),
        (try? file.isLocked(.exclusive)) == true
      else { continue }
      found += (try? abandoned(file)) ?? []
    }
    for ledger in found {
      for key in ledger.contents.keys where !contents.keys.contains(key) {
        contents.keys.append(key)
      }
      for expiration in ledger.contents.announced ?? []
      where contents.announced?.contains(expiration) != true {
        contents.announced = (contents.announced ?? []) + [expiration]
      }
    }
    return found
  }

  private func abandoned(_ file: LockFile) throws -> [Abandoned] {
    guard let contents = try file.read(),
      !contents.keys.isEmpty || contents.announced?.isEmpty == false
    else { return [] }
    return [Abandoned(file: file, contents: contents)]
  }
}
