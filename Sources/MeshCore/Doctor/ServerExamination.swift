/// What a look at the server says beyond its lists.
package struct ServerExamination: Sendable, Equatable {
  /// What meshctl makes of its version: an error where it can only be read, a warning where it is
  /// newer than what was tested; nil where it is supported.
  package var support: Diagnostic?
  package var key: APIKeyState

  package init(support: Diagnostic?, key: APIKeyState) {
    self.support = support
    self.key = key
  }
}

/// How long the API key that is used is good for.
package enum APIKeyState: Sendable, Equatable {
  /// The way in asks for none; the words say which way.
  case notNeeded(String)
  /// Nil means never.
  case expires(Timestamp?)
  /// It works, and the list of keys has none that looks like it.
  case unlisted
}
