/// A shell-like pattern over names: `*` any run, `?` one character, `[a-z]` and `[!a-z]` classes.
///
/// It always matches the whole name. A `[` without its `]` stands for itself.
package struct Glob: Sendable, Hashable {
  private enum Token: Sendable, Hashable {
    case exactly(Unicode.Scalar)
    case any
    case run
    case oneOf([ClosedRange<UInt32>], negated: Bool)

    func matches(_ scalar: Unicode.Scalar) -> Bool {
      switch self {
      case .exactly(let wanted): wanted == scalar
      case .any, .run: true
      case .oneOf(let ranges, let negated):
        ranges.contains { $0.contains(scalar.value) } != negated
      }
    }
  }

  private let tokens: [Token]

  package init(_ pattern: String) {
    let scalars = Array(pattern.unicodeScalars)
    var tokens: [Token] = []
    var index = 0
    while index < scalars.count {
      switch scalars[index] {
      case "*": if tokens.last != .run { tokens.append(.run) }
      case "?": tokens.append(.any)
      case "[":
        if let (token, end) = Glob.bracket(scalars, from: index) {
          tokens.append(token)
          index = end
        } else {
          tokens.append(.exactly("["))
        }
      default: tokens.append(.exactly(scalars[index]))
      }
      index += 1
    }
    self.tokens = tokens
  }

  /// True when the text holds a character that makes it a pattern.
  package static func isPattern(_ text: String) -> Bool {
    text.unicodeScalars.contains { $0 == "*" || $0 == "?" || $0 == "[" }
  }

  /// True when the whole text matches; takes at most text times pattern steps.
  package func matches(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    var position = 0
    var token = 0
    // Where to go on when what follows the last `*` does not match: let it take one more.
    var retry: (token: Int, position: Int)?
    while position < scalars.count {
      if token < tokens.count, tokens[token] == .run {
        retry = (token + 1, position)
        token += 1
      } else if token < tokens.count, tokens[token].matches(scalars[position]) {
        token += 1
        position += 1
      } else if let back = retry {
        retry = (back.token, back.position + 1)
        token = back.token
        position = back.position + 1
      } else {
        return false
      }
    }
    return tokens[token...].allSatisfy { $0 == .run }
  }

  /// The class that starts at `start`, and the index of its `]`.
  private static func bracket(
    _ scalars: [Unicode.Scalar], from start: Int
  ) -> (token: Token, end: Int)? {
    var index = start + 1
    let negated = index < scalars.count && (scalars[index] == "!" || scalars[index] == "^")
    if negated { index += 1 }
    let first = index
    var ranges: [ClosedRange<UInt32>] = []
    while index < scalars.count {
      // A `]` right at the beginning is a member of the class.
      if scalars[index] == "]", index > first {
        return (.oneOf(ranges, negated: negated), index)
      }
      let low = scalars[index].value
      if index + 2 < scalars.count, scalars[index + 1] == "-", scalars[index + 2] != "]" {
        let high = scalars[index + 2].value
        if low <= high { ranges.append(low...high) }
        index += 3
      } else {
        ranges.append(low...low)
        index += 1
      }
    }
    return nil
  }
}
