#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a JSON decoder stumbled over, in one line of words with the place.
enum DecodingTrouble {
  /// For example `nodes[3].expiry: This is not a time as RFC 3339 writes it.`
  static func words(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return String(describing: error) }
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return place(context.codingPath) + context.debugDescription
    case .keyNotFound(let key, let context):
      return place(context.codingPath) + "\"\(key.stringValue)\" is missing."
    case .dataCorrupted(let context):
      return place(context.codingPath) + (syntax(context) ?? context.debugDescription)
    @unknown default:
      return String(describing: error)
    }
  }

  /// The parser's own message with line and column, which Foundation hides one level down.
  private static func syntax(_ context: DecodingError.Context) -> String? {
    guard context.codingPath.isEmpty, let cause = context.underlyingError else { return nil }
    #if canImport(FoundationEssentials)
      let info = (cause as? CocoaError)?.userInfo
    #else
      let info: [String: Any]? = (cause as NSError).userInfo
    #endif
    return info?["NSDebugDescription"] as? String
  }

  private static func place(_ path: [any CodingKey]) -> String {
    var text = ""
    for key in path {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + key.stringValue
      }
    }
    return text.isEmpty ? "" : text + ": "
  }
}
