import MeshSimulation

/// One HTTP request as the routes see it, without any socket.
package struct APIRequest: Sendable {
  package var method: String
  /// Percent-encoded.
  package var path: String
  package var query: [(name: String, value: String)]
  /// The whole `Authorization` header.
  package var authorization: String?
  /// Nil where the request has no such header.
  package var contentType: String?
  package var body: String

  package init(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [],
    authorization: String? = nil, contentType: String? = nil, body: String = ""
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.authorization = authorization
    self.contentType = contentType
    self.body = body
  }

  /// The first value of a query parameter; nil where it is missing or empty.
  func parameter(_ names: String...) -> String? {
    query.first { names.contains($0.name) && !$0.value.isEmpty }?.value
  }
}

/// One HTTP answer.
package struct APIResponse: Sendable, Equatable {
  package var status: Int
  /// Nil where the answer has no such header.
  package var contentType: String?
  package var body: String
  /// True for answers of the gRPC gateway's success path, which carry one more header.
  package var isFromGRPC = false
  /// The `Allow` header of a 405.
  package var allowed: [String] = []

  package init(status: Int, contentType: String?, body: String) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }

  static func json(_ value: JSONValue) -> APIResponse {
    APIResponse(status: 200, contentType: "application/json", body: value.compact)
  }

  static func success(_ value: JSONValue) -> APIResponse {
    var response = json(value)
    response.isFromGRPC = true
    return response
  }

  /// The body of errors up to 0.29.
  static func failure(_ error: SimulatedServerError) -> APIResponse {
    let value: JSONValue = [
      "code": .int(error.grpcCode), "message": .string(error.message), "details": [],
    ]
    return APIResponse(
      status: error.status, contentType: "application/json", body: value.compact)
  }

  /// The body of errors from 0.30 on (RFC 9457).
  static func problem(_ error: SimulatedServerError) -> APIResponse {
    var members: [JSONValue.Member] = [
      .init("title", .string(StatusPhrase.text(error.status))), .init("status", .int(error.status)),
      .init("detail", .string(error.message)),
    ]
    if !error.causes.isEmpty {
      let causes = error.causes.map { cause -> JSONValue in
        var entry: [JSONValue.Member] = [.init("message", .string(cause.message))]
        if !cause.location.isEmpty { entry.append(.init("location", .string(cause.location))) }
        if let value = cause.value { entry.append(.init("value", value)) }
        return .object(entry)
      }
      members.append(.init("errors", .array(causes)))
    }
    return APIResponse(
      status: error.status, contentType: "application/problem+json",
      body: JSONValue.object(members).compact + "\n")
  }

  /// What the authentication in front of `/api/v1` says, without a line feed.
  static let unauthorized = APIResponse(
    status: 401, contentType: "text/plain; charset=utf-8", body: "Unauthorized")

  /// The same where a Bearer key is no valid one, up to 0.26.
  static let failedAuthorization = APIResponse(
    status: 500, contentType: "text/plain; charset=utf-8", body: "Unauthorized")

  /// A known path with another method, from 0.30 on.
  static func methodNotAllowed(_ allowed: [String]) -> APIResponse {
    var answer = APIResponse(status: 405, contentType: nil, body: "")
    answer.allowed = allowed
    return answer
  }

  /// What 0.26 answers to a path it does not serve outside of the API.
  static let emptyNotFound = APIResponse(status: 404, contentType: nil, body: "")

  static let notFoundPage = APIResponse(
    status: 404, contentType: "text/plain; charset=utf-8", body: "404 page not found\n")
}

/// Go's words for a status.
enum StatusPhrase {
  static func text(_ status: Int) -> String {
    switch status {
    case 200: "OK"
    case 400: "Bad Request"
    case 401: "Unauthorized"
    case 404: "Not Found"
    case 405: "Method Not Allowed"
    case 409: "Conflict"
    case 413: "Request Entity Too Large"
    case 415: "Unsupported Media Type"
    case 422: "Unprocessable Entity"
    case 501: "Not Implemented"
    default: "Internal Server Error"
    }
  }
}
