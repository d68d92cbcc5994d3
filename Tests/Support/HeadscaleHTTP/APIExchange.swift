import MeshSimulation

/// One HTTP request as the routes see it, without any socket.
package struct APIRequest: Sendable {
  package var method: String
  /// Percent-encoded.
  package var path: String
  package var query: [(name: String, value: String)]
  /// The whole `Authorization` header.
  package var authorization: String?
  package var body: String

  package init(
    _ method: String, _ path: String, query: [(name: String, value: String)] = [],
    authorization: String? = nil, body: String = ""
  ) {
    self.method = method
    self.path = path
    self.query = query
    self.authorization = authorization
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
  package var contentType: String
  package var body: String
  /// True for answers of the gRPC gateway's success path, which carry one more header.
  package var isFromGRPC = false

  package init(status: Int, contentType: String, body: String) {
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

  /// What the authentication in front of `/api/v1` says, without a line feed.
  static let unauthorized = APIResponse(
    status: 401, contentType: "text/plain; charset=utf-8", body: "Unauthorized")

  static let notFoundPage = APIResponse(
    status: 404, contentType: "text/plain; charset=utf-8", body: "404 page not found\n")
}
