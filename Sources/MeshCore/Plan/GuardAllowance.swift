/// What a guard lets one run do: all of it, or a shard's share.
///
/// Shares add up to the whole exactly, whatever the number of shards, so some may be empty where there are
/// more shards than the whole allows. A number on the command line is of the run it was given to, for
/// whoever wrote it saw that run's plan; a percentage is of the mesh there, too.
struct GuardAllowance: Equatable {
  /// What the run may do about its own hosts.
  let part: Int
  /// What all shards together may.
  let whole: Int
  private let shard: Shard?

  /// Nil where there is no limit.
  ///
  /// - Parameters:
  ///   - flag: of the command line, which wins.
  ///   - file: of the inventory.
  ///   - all: what a percentage is of, in the whole mesh; it rounds up.
  ///   - shard: of the run; nil for the whole mesh.
  init?(_ flag: Guards.Limit?, _ file: Guards.Limit, of all: Int, shard: Shard?) {
    switch flag ?? file {
    case .off: return nil
    case .count(let count): whole = count
    case .percent(let percent): whole = (all * percent + 99) / 100
    }
    if case .count? = flag { self.shard = nil } else { self.shard = shard }
    part = self.shard.map { [whole] in $0.share(of: whole) } ?? whole
  }

  /// For messages; the share with the whole it is of.
  var partWords: String {
    shard.map { "\(part); shard \($0.text) has that of \(whole)" } ?? "\(whole)"
  }

  var wholeWords: String { shard.map { _ in "\(whole) for all shards" } ?? "\(whole)" }
}

extension Shard {
  /// This shard's share of a number; those of all shards add up to it.
  func share(of whole: Int) -> Int {
    func upTo(_ parts: Int) -> Int {
      // Without the product, which a number of the file could overflow.
      whole / count * parts + whole % count * parts / count
    }
    return upTo(index + 1) - upTo(index)
  }
}
