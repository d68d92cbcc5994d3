/// The commented inventory that `meshctl init` writes.
package enum StarterInventory {
  /// Stands in the file until a URL is given.
  static let exampleURL = "https://mesh.example.com"

  static let template = ScriptText.text(PackageResources.starter_inventory_yaml)

  /// The file's text, with this server where one is given.
  package static func text(serverURL: ServerURL?) -> String {
    guard let serverURL else { return template }
    let url = ScalarText.of(serverURL.normalized)
    return template.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      guard let place = line.firstRange(of: exampleURL) else { return String(line) }
      // The comment behind it stays in its column where the URL leaves room.
      let comment = line[place.upperBound...].drop { $0 == " " }
      let head = line[..<place.lowerBound] + url
      let column = line.count - comment.count
      return head + String(repeating: " ", count: max(1, column - head.count)) + comment
    }.joined(separator: "\n")
  }
}
