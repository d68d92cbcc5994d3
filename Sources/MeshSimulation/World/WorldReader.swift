import MeshCore

/// Reads one object of a world file and refuses what it does not know, with the path.
struct WorldReader {
  private let members: [String: JSONValue]
  private let path: String
  private var read: Set<String> = []

  init(_ value: JSONValue, path: String) throws(Failure) {
    guard let members = value.members else {
      throw WorldReader.problem(path, "has to be an object")
    }
    var byName: [String: JSONValue] = [:]
    for member in members {
      guard byName[member.name] == nil else {
        throw WorldReader.problem(WorldReader.join(path, member.name), "stands there twice")
      }
      byName[member.name] = member.value
    }
    self.members = byName
    self.path = path
  }

  static func problem(_ path: String, _ what: String) -> Failure {
    Failure(
      .worldFile, "\(path.isEmpty ? "the world file" : path) \(what)",
      detail: "The file of --world describes the simulated server and hosts; nothing was changed.",
      hint: "correct the file, or remove it to begin a new world")
  }

  static func join(_ path: String, _ name: String) -> String {
    path.isEmpty ? name : "\(path).\(name)"
  }

  func path(of name: String) -> String { WorldReader.join(path, name) }

  /// The member, or nil where it is missing or null.
  mutating func value(_ name: String) -> JSONValue? {
    read.insert(name)
    return members[name] == .null ? nil : members[name]
  }

  /// A member of some type.
  ///
  /// - Returns: nil where it is missing or null.
  mutating func optional<Value>(
    _ name: String, _ type: String, _ convert: (JSONValue) -> Value?
  ) throws(Failure) -> Value? {
    guard let value = value(name) else { return nil }
    guard let converted = convert(value) else {
      throw WorldReader.problem(path(of: name), "has to be \(type)")
    }
    return converted
  }

  mutating func text(_ name: String) throws(Failure) -> String? {
    try optional(name, "a string") { $0.text }
  }

  mutating func required(_ name: String) throws(Failure) -> String {
    guard let text = try text(name) else { throw missing(name) }
    return text
  }

  mutating func flag(_ name: String, default value: Bool) throws(Failure) -> Bool {
    try optional(name, "true or false") { $0.boolean } ?? value
  }

  mutating func integer(_ name: String) throws(Failure) -> Int? {
    try optional(name, "a whole number") {
      if case .number(let digits) = $0 { Int(digits) } else { nil }
    }
  }

  mutating func requiredInteger(_ name: String) throws(Failure) -> Int {
    guard let number = try integer(name) else { throw missing(name) }
    return number
  }

  mutating func time(_ name: String) throws(Failure) -> Timestamp? {
    try optional(name, "a time such as 2026-01-31T12:00:00Z") { value in
      value.text.flatMap { Timestamp(rfc3339: $0) }
    }
  }

  mutating func requiredTime(_ name: String) throws(Failure) -> Timestamp {
    guard let time = try time(name) else { throw missing(name) }
    return time
  }

  mutating func texts(_ name: String, default values: [String] = []) throws(Failure) -> [String] {
    try optional(name, "a list of strings") { value in
      guard let elements = value.elements else { return nil }
      let texts = elements.compactMap(\.text)
      return texts.count == elements.count ? texts : nil
    } ?? values
  }

  mutating func choice<Choice: RawRepresentable>(
    _ name: String, of type: Choice.Type, default value: Choice
  ) throws(Failure) -> Choice where Choice.RawValue == String {
    try optional(name, "one of the known words") { $0.text.flatMap(Choice.init(rawValue:)) }
      ?? value
  }

  mutating func object(_ name: String) throws(Failure) -> WorldReader? {
    guard let value = value(name) else { return nil }
    return try WorldReader(value, path: path(of: name))
  }

  /// A list of objects, each with its path.
  mutating func objects(_ name: String) throws(Failure) -> [WorldReader] {
    guard let list = try optional(name, "a list", { $0.elements }) else { return [] }
    var readers: [WorldReader] = []
    for (index, element) in list.enumerated() {
      readers.append(try WorldReader(element, path: "\(path(of: name))[\(index)]"))
    }
    return readers
  }

  /// The names and readers of an object of objects, sorted by name.
  mutating func entries() throws(Failure) -> [(String, WorldReader)] {
    var entries: [(String, WorldReader)] = []
    for (name, value) in members.sorted(by: { $0.key < $1.key }) {
      read.insert(name)
      entries.append((name, try WorldReader(value, path: path(of: name))))
    }
    return entries
  }

  /// Refuses members nobody asked for.
  func finish() throws(Failure) {
    if let name = members.keys.filter({ !read.contains($0) }).min() {
      throw WorldReader.problem(path(of: name), "is not a known key")
    }
  }

  func missing(_ name: String) -> Failure {
    WorldReader.problem(path(of: name), "is missing")
  }
}
