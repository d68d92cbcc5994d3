import YAMLReader

/// Reads the bytes of an inventory file.
package enum InventoryLoader {
  /// Reads YAML, then decodes; whatever fails, the diagnostics say where and why.
  ///
  /// - Parameters:
  ///   - bytes: The content of the file.
  ///   - path: The file's path as the user gave it, for messages.
  ///   - digest: `sha256:<hex>` of the bytes.
  /// - Returns: The inventory, nil where a diagnostic is an error.
  package static func load(
    bytes: [UInt8], path: String, digest: String
  ) -> (inventory: Inventory?, diagnostics: [Diagnostic]) {
    do throws(YAMLError) {
      return InventoryDecoder.decode(try YAMLReader.read(bytes), path: path, digest: digest)
    } catch {
      return (nil, [diagnostic(for: error, path: path, bytes: bytes)])
    }
  }

  private static func diagnostic(
    for error: YAMLError, path: String, bytes: [UInt8]
  ) -> Diagnostic {
    var diagnostic = Diagnostic(
      code(for: error.kind), .error, error.message,
      detail: error.related.flatMap { $0.mark == error.mark ? nil : $0 }.map {
        "\($0.message) (line \($0.mark.line), column \($0.mark.column))"
      },
      hint: error.hint,
      position: SourcePosition(file: path, mark: error.mark ?? SourceMark(line: 1, column: 1)))
    if let mark = error.mark {
      let source = SourceText(bytes)
      let isAboutWord: Set<YAMLError.Kind> = [
        .duplicateKey, .unknownAlias, .recursiveAlias, .tag, .multipleDocuments,
      ]
      if isAboutWord.contains(error.kind) {
        diagnostic.position?.length = wordLength(at: mark, of: source)
      }
      diagnostic.secrets = likelySecret(on: mark.line, of: source, path: path)
    }
    return diagnostic
  }

  /// How long the word at a mark is, so that the caret covers it.
  private static func wordLength(at mark: SourceMark, of source: SourceText) -> Int {
    guard let scalars = source.line(mark.line), mark.column <= scalars.count else { return 1 }
    let ends: Set<Unicode.Scalar> = [" ", "\t", ":", ",", "{", "}", "[", "]", "#"]
    return max(1, scalars[(mark.column - 1)...].prefix { !ends.contains($0) }.count)
  }

  /// Where a line that could not be read has a secret by the look of its key; better to hide a
  /// harmless value than to print a password.
  private static func likelySecret(
    on line: Int, of source: SourceText, path: String
  ) -> [SecretSpan] {
    guard let scalars = source.line(line), scalars.count < 10_000 else { return [] }
    var word: [Unicode.Scalar] = []
    for (index, scalar) in scalars.enumerated() {
      if scalar == ":" {
        let key = String(String.UnicodeScalarView(word))
        if DecodingContext.soundsSecret(key), index + 1 < scalars.count {
          return [
            SecretSpan(
              file: path, start: SourceMark(line: line, column: index + 3),
              end: SourceMark(line: line, column: scalars.count + 1))
          ]
        }
      }
      let isWord = scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic
      if isWord { word.append(scalar) } else { word = [] }
    }
    return []
  }

  private static func code(for kind: YAMLError.Kind) -> DiagnosticCode {
    switch kind {
    case .syntax: .invYAMLSyntax
    case .encoding, .binary, .controlCharacter: .invYAMLText
    case .empty: .invYAMLEmpty
    case .multipleDocuments: .invYAMLDocuments
    case .duplicateKey: .invYAMLDuplicateKey
    case .complexKey: .invYAMLKey
    case .depth, .nodes, .bytes, .blanks, .memory: .invYAMLLimit
    case .unknownAlias, .recursiveAlias: .invYAMLAlias
    case .tag: .invYAMLTag
    case .mergeKey: .invYAMLMerge
    }
  }
}
