import MeshCore
import YAMLReader

/// A case file that does not mean what its author thought.
struct BadCase: Error, CustomStringConvertible {
  var description: String
}

/// One JSON object of a case file; every key must be taken, so that a misspelt one fails its test.
struct CaseFields {
  let what: String
  private var rest: [String: YAMLNode] = [:]

  init(_ node: YAMLNode, _ what: String) throws {
    guard case .mapping(let pairs) = node.content else {
      throw BadCase(description: "\(what): no object")
    }
    self.what = what
    for pair in pairs { rest[pair.key] = pair.value }
  }

  init(file bytes: [UInt8], _ what: String) throws {
    do {
      try self.init(YAMLReader.read(bytes), what)
    } catch let error as YAMLError {
      throw BadCase(description: "\(what): \(error.message) at \(String(describing: error.mark))")
    }
  }

  var names: [String] { rest.keys.sorted() }

  /// True where the key stands there, be it null.
  func has(_ key: String) -> Bool { rest[key] != nil }

  mutating func node(_ key: String) -> YAMLNode? {
    guard let node = rest.removeValue(forKey: key) else { return nil }
    if case .scalar(let scalar) = node.content, scalar.value == .null { return nil }
    return node
  }

  mutating func text(_ key: String) throws -> String? {
    guard let node = node(key) else { return nil }
    return try CaseFields.text(node, "\(what).\(key)")
  }

  mutating func flag(_ key: String) throws -> Bool? {
    guard let node = node(key) else { return nil }
    guard case .scalar(let scalar) = node.content, case .bool(let flag) = scalar.value else {
      throw BadCase(description: "\(what).\(key): no boolean")
    }
    return flag
  }

  mutating func list(_ key: String) throws -> [String]? {
    let name = "\(what).\(key)"
    return try nodes(key)?.map { try CaseFields.text($0, name) }
  }

  mutating func nodes(_ key: String) throws -> [YAMLNode]? {
    guard let node = node(key) else { return nil }
    guard case .sequence(let elements) = node.content else {
      throw BadCase(description: "\(what).\(key): no list")
    }
    return elements
  }

  mutating func instant(_ key: String) throws -> Timestamp? {
    guard let text = try text(key) else { return nil }
    guard let instant = Timestamp(rfc3339: text) else {
      throw BadCase(description: "\(what).\(key): \(text) is no instant")
    }
    return instant.isZeroTime ? nil : instant
  }

  mutating func choice<Value: RawRepresentable<String>>(
    _ key: String, _ type: Value.Type
  ) throws -> Value? {
    guard let text = try text(key) else { return nil }
    guard let value = Value(rawValue: text) else {
      throw BadCase(description: "\(what).\(key): \(text) is no \(type)")
    }
    return value
  }

  /// A guard as text: `2`, `34%` or `off`.
  mutating func limit(_ key: String) throws -> Guards.Limit? {
    guard let text = try text(key) else { return nil }
    if text == "off" { return .off }
    if text.hasSuffix("%"), let percent = Int(text.dropLast()) { return .percent(percent) }
    guard let count = Int(text) else {
      throw BadCase(description: "\(what).\(key): \(text) is no limit")
    }
    return .count(count)
  }

  func end() throws {
    guard let key = names.first else { return }
    throw BadCase(description: "\(what): the key `\(key)` is unknown")
  }

  private static func text(_ node: YAMLNode, _ what: String) throws -> String {
    guard case .scalar(let scalar) = node.content, case .string(let text) = scalar.value else {
      throw BadCase(description: "\(what): no text")
    }
    return text
  }
}
