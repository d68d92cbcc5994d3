import FlyingFox
import FlyingSocks
import Foundation

/// One HTTP request over a unix socket.
///
/// A file of its own because FlyingFox has a `JSONValue` too.
struct LocalSocket {
  var path: String

  func post(_ target: String, _ body: String) async throws -> (status: Int, text: String) {
    var client = HTTPClient()
    let request = HTTPRequest(
      method: .POST, version: .http11, path: target, query: [], headers: [:],
      body: Data(body.utf8))
    let response = try await client.sendHTTPRequest(request, to: .unix(path: path))
    let text = String(decoding: try await response.bodyData, as: UTF8.self)
    return (response.statusCode.code, text)
  }
}
