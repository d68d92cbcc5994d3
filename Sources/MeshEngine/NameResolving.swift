/// What a name means on the machine that meshctl runs on.
package protocol NameResolving: Sendable {
  /// The addresses of a host name, in the resolver's order, as text without zones; empty where it does
  /// not resolve here. May take seconds, never blocks the caller's thread.
  func addresses(of name: String) async -> [String]
}
