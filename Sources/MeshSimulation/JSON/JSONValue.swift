/// A JSON value that keeps the order of an object's members, as Go programs write them.
package indirect enum JSONValue: Sendable, Equatable {
  /// One name with its value and where the value stands in a parsed text (from 1; 0 when made here).
  package struct Member: Sendable, Equatable {
    package var name: String
    package var value: JSONValue
    package var line: Int
    package var column: Int

    package init(_ name: String, _ value: JSONValue, line: Int = 0, column: Int = 0) {
      self.name = name
      self.value = value
      self.line = line
      self.column = column
    }
  }

  case null
  case bool(Bool)
  /// The digits as written, so that 64-bit ids stay exact.
  case number(String)
  case string(String)
  case array([JSONValue])
  case object([Member])

  /// A number value.
  package static func int(_ value: Int) -> JSONValue { .number(String(value)) }

  /// An array of strings; `null` where Go would have a nil slice and `nullWhenEmpty` is set.
  package static func strings(_ values: [String], nullWhenEmpty: Bool = false) -> JSONValue {
    values.isEmpty && nullWhenEmpty ? .null : .array(values.map { .string($0) })
  }

  /// The value of the first member of that name; nil for other kinds.
  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.first { $0.name == name }?.value
  }

  package var text: String? {
    if case .string(let text) = self { text } else { nil }
  }

  package var boolean: Bool? {
    if case .bool(let value) = self { value } else { nil }
  }

  package var elements: [JSONValue]? {
    if case .array(let values) = self { values } else { nil }
  }

  package var members: [Member]? {
    if case .object(let members) = self { members } else { nil }
  }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral,
  ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral,
  ExpressibleByNilLiteral
{
  package init(stringLiteral value: String) { self = .string(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package init(integerLiteral value: Int) { self = .int(value) }
  package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(elements.map { Member($0.0, $0.1) })
  }
  package init(nilLiteral: ()) { self = .null }
}
