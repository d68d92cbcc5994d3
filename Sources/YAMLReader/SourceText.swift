/// The text a document is read from, for questions that only the text can answer.
struct SourceText {
  let bytes: [UInt8]
  /// Where the text begins: behind the byte-order mark.
  let start: Int
  // The last place asked for: places are asked for in about reading order, so that finding them takes
  // linear time in all, also where the whole file is one line.
  private var scalar = 0
  private var byte: Int

  init(bytes: [UInt8], start: Int) {
    self.bytes = bytes
    self.start = start
    byte = start
  }

  /// Finds the byte where the scalar with this number starts.
  mutating func offset(ofScalar target: Int) -> Int {
    while scalar < target, byte < bytes.count {
      byte += 1
      while byte < bytes.count, isContinuation(byte) { byte += 1 }
      scalar += 1
    }
    while scalar > target, byte > start {
      byte -= 1
      while byte > start, isContinuation(byte) { byte -= 1 }
      scalar -= 1
    }
    return byte
  }

  /// Finds the place of a byte by counting from the start; for errors only.
  func mark(ofByte target: Int) -> SourceMark {
    var mark = SourceMark(line: 1, column: 1)
    for index in start..<max(start, min(target, bytes.count)) {
      if endsLine(index) {
        mark = SourceMark(line: mark.line + 1, column: 1)
      } else if !isContinuation(index) {
        mark.column += 1
      }
    }
    return mark
  }

  /// Copies a line without its end, empty where there is no such line; for errors only.
  func line(_ number: Int) -> [UInt8] {
    var line = 1
    var index = start
    while line < number, index < bytes.count {
      if endsLine(index) { line += 1 }
      index += 1
    }
    guard line == number else { return [] }
    return Array(bytes[index...].prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") })
  }

  /// Finds where a block scalar's last line with text ends; libyaml's own mark lies on a later line.
  mutating func endOfBlockScalar(_ event: Event) -> SourceMark {
    let first = offset(ofScalar: event.scalars.lowerBound)
    var index = offset(ofScalar: event.scalars.upperBound)
    var line = event.end.line
    while index > first, isBlankOrBreak(bytes[index - 1]) {
      index -= 1
      if endsLine(index) { line -= 1 }
    }
    var column = 1
    while index > start, bytes[index - 1] != UInt8(ascii: "\n"),
      bytes[index - 1] != UInt8(ascii: "\r")
    {
      index -= 1
      if !isContinuation(index) { column += 1 }
    }
    return SourceMark(line: line, column: column)
  }

  /// Tells whether an event begins where the text ends.
  mutating func isAtEnd(_ event: Event) -> Bool {
    offset(ofScalar: event.scalars.lowerBound) == bytes.count
  }

  /// Tells whether the properties of a plain scalar hold the tag `!`, which libyaml drops.
  mutating func hasBareTag(_ event: Event) -> Bool {
    var index = offset(ofScalar: event.scalars.lowerBound)
    if index < bytes.count, bytes[index] == UInt8(ascii: "&") {
      while index < bytes.count, !isBlankOrBreak(bytes[index]) { index += 1 }
      while index < bytes.count, isBlankOrBreak(bytes[index]) { index += 1 }
    }
    return index < bytes.count && bytes[index] == UInt8(ascii: "!")
  }

  private func isContinuation(_ index: Int) -> Bool {
    bytes[index] & 0xC0 == 0x80
  }

  /// Tells whether this byte is the last of a line end: LF, or CR without LF.
  private func endsLine(_ index: Int) -> Bool {
    switch bytes[index] {
    case UInt8(ascii: "\n"): true
    case UInt8(ascii: "\r"): index + 1 == bytes.count || bytes[index + 1] != UInt8(ascii: "\n")
    default: false
    }
  }
}

/// Tells whether a byte is a space, a TAB or part of a line end.
func isBlankOrBreak(_ byte: UInt8) -> Bool {
  byte == UInt8(ascii: " ") || (0x09...0x0D).contains(byte)
}
