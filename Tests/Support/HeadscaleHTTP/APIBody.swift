import MeshCore
import MeshSimulation

/// A request body read as leniently as the gRPC gateway reads it: unknown fields are ignored, names
/// may be camelCase or snake_case, and an empty body is an empty object.
///
/// From 0.30 on `StrictBody` has looked at it before, so that nothing lenient is left to do.
struct APIBody {
  private let members: [JSONValue.Member]
  private let generation: APIGeneration

  init(_ text: String, _ generation: APIGeneration = .gateway) throws(SimulatedServerError) {
    self.generation = generation
    guard !text.isEmpty else {
      members = []
      return
    }
    let value: JSONValue
    do {
      value = try JSONReader.read(text)
    } catch  where error.message == "unexpected EOF" {
      throw .invalidArgument("unexpected EOF")
    } catch {
      throw .invalidArgument(
        "proto: syntax error (line \(error.line):\(error.column)): \(error.message)")
    }
    guard let members = value.members else {
      throw .invalidArgument("proto: syntax error (line 1:1): unexpected token \(value.compact)")
    }
    self.members = members
  }

  private func member(_ names: [String]) -> JSONValue.Member? {
    members.first { names.contains($0.name) && $0.value != .null }
  }

  private func invalid(
    _ member: JSONValue.Member, _ type: String
  ) -> SimulatedServerError {
    .invalidArgument(
      "proto: (line \(member.line):\(member.column)): invalid value for \(type) field "
        + "\(member.name): \(member.value.compact)")
  }

  func string(_ names: String...) throws(SimulatedServerError) -> String {
    guard let member = member(names) else { return "" }
    guard let text = member.value.text else { throw invalid(member, "string") }
    return text
  }

  func bool(_ names: String...) throws(SimulatedServerError) -> Bool {
    guard let member = member(names) else { return false }
    guard let value = member.value.boolean else { throw invalid(member, "bool") }
    return value
  }

  /// A uint64, as a string or a number; nil where it is missing or 0, which protobuf cannot tell apart.
  ///
  /// - Parameters:
  ///   - name: The member's name.
  ///   - words: What 0.30 calls it when it is no number.
  /// - Returns: The number.
  /// - Throws: 400 for anything else.
  func number(
    _ name: String, calling words: String
  ) throws(SimulatedServerError) -> Int? {
    guard let member = member([name]) else { return nil }
    if generation == .problems {
      guard let text = member.value.text, !text.isEmpty else { return nil }
      let number = try IDText.number(text, orProblem: "invalid \(words)")
      return number == 0 ? nil : number
    }
    let digits: String? =
      if case .number(let digits) = member.value { digits } else { member.value.text }
    guard let number = digits.flatMap(UInt64.init), number <= UInt64(Int.max) else {
      throw invalid(member, "uint64")
    }
    return number == 0 ? nil : Int(number)
  }

  func strings(_ names: String...) throws(SimulatedServerError) -> [String] {
    guard let member = member(names) else { return [] }
    guard let values = member.value.elements else {
      throw .invalidArgument(
        "proto: syntax error (line \(member.line):\(member.column)): unexpected token "
          + member.value.compact)
    }
    let texts = values.compactMap(\.text)
    guard texts.count == values.count else { throw invalid(member, "string") }
    return texts
  }

  func time(_ names: String...) throws(SimulatedServerError) -> Timestamp? {
    guard let member = member(names) else { return nil }
    guard let time = member.value.text.flatMap({ Timestamp(rfc3339: $0) }) else {
      throw .invalidArgument(
        "proto: (line \(member.line):\(member.column)): invalid google.protobuf.Timestamp value "
          + member.value.compact)
    }
    return time
  }
}

/// Ids as the server reads them from text.
enum IDText {
  static func parsingProblem(_ text: String) -> String {
    "strconv.ParseUint: parsing \"\(text)\": invalid syntax"
  }

  /// The number, or 400 with `detail` and Go's words as its cause.
  static func number(
    _ text: String, orProblem detail: String
  ) throws(SimulatedServerError) -> Int {
    guard let number = UInt64(text), number <= UInt64(Int.max) else {
      throw .problem(400, detail, parsingProblem(text))
    }
    return Int(number)
  }
}
