#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import MeshCore

/// Reads the tag owners out of a policy's HuJSON.
enum PolicyText {
  /// What the policy says about tags; an empty text is no policy.
  static func state(of text: String) -> PolicyState {
    if text.allSatisfy(\.isWhitespace) { return .none }
    do {
      let json = Data(try HuJSON.strictJSON(text.utf8))
      do {
        return .tagOwners(try JSONDecoder().decode(Policy.self, from: json).tags)
      } catch {
        return .unreadable(DecodingTrouble.words(error, in: json))
      }
    } catch {
      switch error {
      case .unterminatedString(let offset):
        return .unreadable("a string that begins at byte \(offset) has no end")
      case .unterminatedComment(let offset):
        return .unreadable("a comment that begins at byte \(offset) has no end")
      }
    }
  }

  /// Whether an error says that the server has no policy stored.
  static func isMissing(_ words: String?) -> Bool {
    words?.contains("acl policy not found") == true
  }

  /// Only the keys of `tagOwners`; who the owners are does not matter for the API.
  private struct Policy: Decodable {
    var tags: Set<String> = []

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: AnyKey.self)
      // Headscale matches key names without regard to case.
      for key in fields.allKeys where key.stringValue.lowercased() == "tagowners" {
        guard try !fields.decodeNil(forKey: key) else { continue }
        let owners = try fields.nestedContainer(keyedBy: AnyKey.self, forKey: key)
        tags.formUnion(owners.allKeys.map(\.stringValue))
      }
    }
  }

  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
