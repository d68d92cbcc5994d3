extension Timestamp {
  /// Parses the preferred form of an HTTP date (`Sun, 22 Nov 2026 21:26:14 GMT`, RFC 9110 §5.6.7);
  /// nil where it is not one.
  ///
  /// The two obsolete forms are not read: Headscale writes this one, and so do the proxies in front.
  package init?(httpDate text: String) {
    let parts = text.split(separator: " ", omittingEmptySubsequences: false)
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    guard parts.count == 6, parts[0].count == 4, parts[0].hasSuffix(","), parts[5] == "GMT",
      parts[1].count == 2, parts[3].count == 4,
      let index = months.firstIndex(where: { $0 == parts[2] })
    else { return nil }
    let month = index < 9 ? "0\(index + 1)" : "\(index + 1)"
    self.init(rfc3339: "\(parts[3])-\(month)-\(parts[1])T\(parts[4])Z")
  }
}
