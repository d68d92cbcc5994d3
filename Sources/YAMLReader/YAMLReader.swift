/// Reads one YAML document into a tree of nodes with their places.
package enum YAMLReader {
  /// Reads a whole file.
  ///
  /// The text must be UTF-8 and hold exactly one document. Aliases and merge keys are resolved;
  /// duplicate keys, custom tags and keys that are not scalars are refused. Escapes in double quotes
  /// may put any character into a text, NUL included. Lines end with LF, CRLF or CR and nothing else.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file, with or without a byte-order mark.
  ///   - limits: How much the document may hold.
  /// - Returns: The root of the document.
  /// - Throws: The first problem of the text in reading order; problems of encoding come first.
  package static func read(
    _ bytes: [UInt8], limits: YAMLLimits = .inventory
  ) throws(YAMLError) -> YAMLNode {
    guard bytes.count <= limits.bytes else {
      throw YAMLError(
        .bytes, "the file has \(bytes.count) bytes, more than the limit of \(limits.bytes)")
    }
    let start = try TextCheck.check(bytes)
    let source = SourceText(bytes: bytes, start: start)
    var builder = TreeBuilder(source: source, limits: limits)
    return try unsafe bytes.withUnsafeBufferPointer { (buffer) throws(YAMLError) -> YAMLNode in
      let text = unsafe UnsafeBufferPointer(rebasing: buffer[start...])
      let parser = try unsafe EventParser(text)
      while true {
        let event: Event
        do throws(ParserFailure) {
          event = try parser.next()
        } catch {
          throw SyntaxExplanation(
            failure: error, source: source, openBracket: builder.openBracket
          ).error
        }
        if let root = try builder.take(event) { return root }
      }
    }
  }
}
