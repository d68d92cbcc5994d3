import MeshCore
import MeshSimulation

/// Looks at a request body as 0.30 does, before anything else is done with it
/// (hs@f20f1f12 with huma 2.38: `huma.go`, `validate.go`).
enum StrictBody {
  private static let limit = 1_048_576

  static func check(
    _ request: APIRequest, for operation: HumaOperation
  ) throws(SimulatedServerError) {
    guard let fields = operation.fields else { return }
    guard request.body.utf8.count < limit else {
      throw .problem(413, "request body is too large limit=\(limit) bytes")
    }
    guard !request.body.isEmpty else {
      if operation.isBodyRequired { throw .problem(400, "request body is required") }
      return
    }
    let type = (request.contentType ?? "").split(separator: ";").first.map(String.init) ?? ""
    let name = type.lowercased().filter { $0 != " " }
    guard ["", "application/json"].contains(name) else {
      throw invalid(
        415, [whole("unknown content type: \(request.contentType ?? "")", request)])
    }
    let value: JSONValue
    do {
      value = try JSONReader.read(request.body)
    } catch {
      let isCut = error.message == "unexpected EOF"
      throw invalid(
        400, [whole(isCut ? "unexpected end of JSON input" : error.message, request)])
    }
    guard let members = value.members else {
      throw invalid(422, [.init("expected object", location: "body", value: value)])
    }
    let causes = members.compactMap { problem($0, fields, in: value) }
    guard causes.isEmpty else { throw invalid(422, causes) }
  }

  private static func invalid(
    _ status: Int, _ causes: [SimulatedServerError.Cause]
  ) -> SimulatedServerError {
    SimulatedServerError(
      status: status, grpcCode: 3, message: "validation failed", causes: causes)
  }

  private static func whole(
    _ message: String, _ request: APIRequest
  ) -> SimulatedServerError.Cause {
    .init(message, location: "body", value: .string(request.body))
  }

  private static func problem(
    _ member: JSONValue.Member, _ fields: [String: HumaOperation.FieldType], in body: JSONValue
  ) -> SimulatedServerError.Cause? {
    let location = "body." + member.name
    // Names are compared without case; null is no value.
    guard
      let type = fields.first(where: { $0.key.lowercased() == member.name.lowercased() })?.value
    else { return .init("unexpected property", location: location, value: body) }
    guard member.value != .null else { return nil }
    func expected(_ words: String) -> SimulatedServerError.Cause {
      .init(words, location: location, value: member.value)
    }
    switch type {
    case .string: return member.value.text == nil ? expected("expected string") : nil
    case .bool: return member.value.boolean == nil ? expected("expected boolean") : nil
    case .dateTime:
      guard let text = member.value.text else { return expected("expected string") }
      return Timestamp(rfc3339: text) == nil
        ? expected("expected string to be RFC 3339 date-time") : nil
    case .strings:
      guard let values = member.value.elements else { return expected("expected array") }
      guard let index = values.firstIndex(where: { $0.text == nil }) else { return nil }
      return .init("expected string", location: "\(location)[\(index)]", value: values[index])
    }
  }
}
