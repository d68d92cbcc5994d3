import YAMLReader

/// Why a text is no server URL.
struct URLProblem {
  private enum Kind { case scheme(String?), login, query, blank, bareHost, other }

  private let text: String
  private let kind: Kind

  /// Looks for the reason; call it for texts that `ServerURL` refuses.
  init(_ text: String) {
    self.text = text
    if text.unicodeScalars.contains(where: {
      $0.properties.isWhitespace || VisibleText.isHidden($0)
    }) {
      kind = .blank
    } else if let range = text.firstRange(of: "://") {
      let scheme = text[..<range.lowerBound].lowercased()
      let rest = text[range.upperBound...]
      let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
      if authority.contains("@") {
        kind = .login
      } else if scheme != "http", scheme != "https" {
        kind = .scheme(scheme)
      } else if rest.contains("?") || rest.contains("#") {
        kind = .query
      } else {
        kind = .other
      }
    } else if AddressRules.isEndpoint(text.prefix { $0 != "/" }) {
      kind = .bareHost
    } else {
      kind = .other
    }
  }

  /// True where the text may hold a password.
  var holdsSecret: Bool {
    if case .login = kind { return true }
    return false
  }

  func message(found: String) -> String {
    switch kind {
    case .login: "a server URL cannot hold a user or password"
    case .query: "a server URL cannot have a query or fragment (`?`, `#`)"
    case .blank: "a URL cannot hold blanks or control characters"
    case .scheme, .bareHost, .other: "expected an http:// or https:// URL, found \(found)"
    }
  }

  var detail: String? {
    if case .login = kind { return "Whoever can read this file could read the password." }
    return nil
  }

  var hint: String? {
    switch kind {
    case .bareHost:
      let hasPort = text.prefix { $0 != "/" }.contains(":")
      return hasPort
        ? "put `https://` or `http://` in front" : "write `https://\(YAMLNode.cut(text))`"
    case .scheme(let scheme?):
      return Suggestion.nearest(to: scheme, in: ["https", "http"]).map { "did you mean `\($0)`?" }
    case .query:
      let end = text.firstIndex { $0 == "?" || $0 == "#" } ?? text.endIndex
      return "write `\(YAMLNode.cut(String(text[..<end])))`"
    default: return nil
    }
  }
}
