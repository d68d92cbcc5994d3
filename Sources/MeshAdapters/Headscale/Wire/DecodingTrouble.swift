#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a JSON decoder stumbled over, in one line of words with the place.
enum DecodingTrouble {
  /// The place, then the complaint.
  static func words(_ error: any Error, in body: Data) -> String {
    guard let error = error as? DecodingError else { return String(describing: error) }
    switch error {
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return place(context.codingPath) + context.debugDescription
    case .keyNotFound(let key, let context):
      return place(context.codingPath) + "\"\(key.stringValue)\" is missing."
    case .dataCorrupted(let context):
      let syntax = context.codingPath.isEmpty ? JSONSyntax.trouble(in: body) : nil
      return syntax ?? place(context.codingPath) + context.debugDescription
    @unknown default:
      return String(describing: error)
    }
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
