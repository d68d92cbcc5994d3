import YAMLReader

/// The bytes of a file, cut into lines on demand.
struct SourceText: Sendable {
  private let bytes: [UInt8]
  /// Where each line begins.
  private let starts: [Int]

  /// Lines end with LF, CRLF or CR, as the YAML reader counts them.
  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    let isMarked = bytes.starts(with: [0xEF, 0xBB, 0xBF])
    var starts = [isMarked ? 3 : 0]
    for (index, byte) in bytes.enumerated() {
      if byte == 0x0A || (byte == 0x0D && (index + 1 == bytes.count || bytes[index + 1] != 0x0A)) {
        starts.append(index + 1)
      }
    }
    self.starts = starts
  }

  /// A line without its end, counted from 1; nil where the file is shorter.
  ///
  /// What is no UTF-8 becomes U+FFFD. Of a very long line only the beginning is read.
  func line(_ number: Int) -> [Unicode.Scalar]? {
    guard number >= 1, number <= starts.count else { return nil }
    let start = starts[number - 1]
    var end = number < starts.count ? starts[number] : bytes.count
    while end > start, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return Array(String(decoding: bytes[start..<end], as: UTF8.self).unicodeScalars)
  }
}
