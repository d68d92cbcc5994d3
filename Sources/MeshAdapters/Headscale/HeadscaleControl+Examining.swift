package import MeshCore
import MeshEngine

extension HeadscaleControl: ServerExamining {
  package func examine() async throws -> ServerExamination {
    try await speaking { control in
      let server = try await control.knownServer()
      var support = server.dialect.notice(server.version)
      do throws(Failure) { try server.dialect.requireWrites(server.version) } catch {
        support = error.diagnostic
      }
      return ServerExamination(support: support, key: try await control.way.apiKey())
    }
  }
}

/// `{"apiKeys": […]}`.
struct WireAPIKeyList: Decodable {
  var apiKeys: [WireAPIKey]?

  /// The one that a key belongs to; nil where none or several look like it.
  func entry(of key: Secret) -> WireAPIKey? {
    let found = (apiKeys ?? []).filter { $0.isBeginning(of: key) }
    return found.count == 1 ? found[0] : nil
  }
}

/// An API key as the server lists it: its beginning and its end, never itself.
struct WireAPIKey: Decodable {
  /// `hskey-api-X3epZtzW4GWQ-***`, or the first word of an older key.
  var prefix: String
  /// Nil where the server wrote null or its zero time.
  var expiration: Timestamp?

  private enum CodingKeys: String, CodingKey { case prefix, expiration }

  init(from decoder: any Decoder) throws {
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    prefix = try fields.text(.prefix)
    expiration = try fields.instant(.expiration)
  }

  func isBeginning(of key: Secret) -> Bool {
    let bare = prefix.hasSuffix("***") ? String(prefix.dropLast(3)) : prefix
    guard bare.utf8.count >= 4 else { return false }
    let text = key.reveal()
    // The separator is part of the newer form and not of the older one.
    return bare.hasSuffix("-") || bare.hasSuffix(".")
      ? text.hasPrefix(bare) : text.hasPrefix(bare + ".") || text.hasPrefix(bare + "-")
  }
}
