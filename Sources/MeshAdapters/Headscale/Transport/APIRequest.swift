#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import MeshCore

/// One call to the API, ready to be sent.
struct APIRequest: Sendable, Equatable {
  enum Method: String, Sendable { case get = "GET", post = "POST", put = "PUT", delete = "DELETE" }

  var method: Method
  /// Below the API's base URL, percent-encoded, with a leading slash.
  var path: String
  /// JSON; a call that changes something always carries one, `{}` at least, since Headscale 0.30
  /// refuses a missing body (reference headscale-api.md §1.9).
  var body: [UInt8]?
  /// Largest answer to read, in bytes.
  var limit = APIRequest.smallAnswer
  /// False for the few public paths; the key is not sent where it is not needed.
  var carriesKey = true
  /// What the call does, for messages: `list nodes`.
  var purpose: String

  static let smallAnswer = 1 << 20
  static let listAnswer = 64 << 20

  /// Reads something; may be repeated.
  static func get(
    _ path: String, to purpose: String, limit: Int = smallAnswer, carriesKey: Bool = true
  ) -> APIRequest {
    APIRequest(
      method: .get, path: path, body: nil, limit: limit, carriesKey: carriesKey, purpose: purpose)
  }

  /// Changes something; is never repeated blindly.
  static func post(
    _ path: String, _ body: some Encodable & Sendable, to purpose: String
  ) throws -> APIRequest {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return APIRequest(
      method: .post, path: path, body: Array(try encoder.encode(body)), purpose: purpose)
  }

  /// Deletes something; is never repeated blindly.
  static func delete(_ path: String, to purpose: String) -> APIRequest {
    // Neither kind of server wants a body here.
    APIRequest(method: .delete, path: path, body: nil, purpose: purpose)
  }

  /// One path segment with everything but unreserved characters (RFC 3986 §2.3) escaped.
  static func segment(_ text: String) -> String {
    let digits = Array("0123456789ABCDEF")
    var result = ""
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
        UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
        UInt8(ascii: "~"):
        result.unicodeScalars.append(Unicode.Scalar(byte))
      case UInt8(ascii: ".") where text != "." && text != "..":
        result.append(".")
      default:
        result.append("%")
        result.append(digits[Int(byte >> 4)])
        result.append(digits[Int(byte & 15)])
      }
    }
    return result
  }
}

/// One complete answer.
struct APIAnswer: Sendable {
  var status: Int
  /// Lower case; empty where the server sent none.
  var contentType: String
  /// Where a redirect points.
  var location: String?
  /// The HTTP `Date`.
  var serverTime: Timestamp?
  var body: Data

  var isSuccess: Bool { status == 200 }

  /// A web page instead of an answer of the API.
  var isPage: Bool {
    if contentType.hasPrefix("text/html") { return true }
    let first = body.first { !($0 == 0x20 || (0x09...0x0D).contains($0)) }
    return first == UInt8(ascii: "<")
  }

  /// The beginning of the body as text, for evidence.
  var excerpt: String { String(decoding: body.prefix(600), as: UTF8.self) }
}
