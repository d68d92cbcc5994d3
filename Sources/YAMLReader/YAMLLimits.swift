/// How much a document may hold before reading it stops with an error.
///
/// All three are checked while reading, so a hostile file costs neither time nor memory.
package struct YAMLLimits: Sendable, Hashable {
  /// The size of the file.
  package var bytes: Int
  /// How deep sequences and mappings may be nested, counted after aliases are replaced.
  package var depth: Int
  /// How many values there may be (keys are not counted), counted after aliases are replaced.
  ///
  /// An alias also costs one node for every 256 bytes of text it repeats.
  package var nodes: Int

  /// Makes limits; for an inventory take `inventory`.
  package init(bytes: Int, depth: Int, nodes: Int) {
    self.bytes = bytes
    self.depth = depth
    self.nodes = nodes
  }

  /// The limits of an inventory file: 16 MiB, 64 levels, two million nodes.
  package static let inventory = YAMLLimits(bytes: 16 << 20, depth: 64, nodes: 2_000_000)

  // libyaml takes quadratic time for these; no honest file comes near.

  /// The longest run of blanks on one line, and the longest run of line breaks.
  static let blankRun = 4096
  /// How many lines may begin with `%`.
  static let directiveLines = 64
  /// The longest key in bytes; an alias could otherwise make a key of megabytes.
  static let keyBytes = 4096
  /// How many bytes of repeated text cost as much as one node.
  static let bytesPerNode = 256
}
