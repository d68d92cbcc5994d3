import MeshCore

/// The rule for names of users that meshctl creates.
enum UserName {
  /// Checks a name by the rule of reference headscale-api.md §4, because Headscale 0.28 and 0.29
  /// accept anything over the API (`a b!` and even an empty name, see the recorded samples) and then
  /// cannot use it in a policy.
  ///
  /// - Throws: `Failure` that says what is wrong with the name.
  static func check(_ name: String) throws(Failure) {
    guard let why = problem(name) else { return }
    throw Failure(
      .apiUserName, "\"\(name)\" cannot be the name of a Headscale user: \(why)",
      detail: """
        A user name has at least two characters, begins with a letter and holds only letters, \
        digits, \"-\", \".\", \"_\" and at most one \"@\".
        """,
      hint: "choose another owner in the inventory")
  }

  private static func problem(_ name: String) -> String? {
    let scalars = Array(name.unicodeScalars)
    if scalars.count < 2 { return "it is too short" }
    if name.utf8.count > 255 { return "it is too long" }
    if name == "tagged-devices" { return "Headscale uses it for tagged nodes" }
    guard isLetter(scalars[0]) else { return "it does not begin with a letter" }
    if scalars.count(where: { $0 == "@" }) > 1 { return "it holds more than one \"@\"" }
    let odd = scalars.first { scalar in
      !isLetter(scalar) && scalar.properties.generalCategory != .decimalNumber
        && !["-", ".", "_", "@"].contains(scalar)
    }
    return odd == nil ? nil : "it holds a character that is not allowed"
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: false
    }
  }
}
