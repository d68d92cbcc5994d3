import MeshCore

/// The form of the `Date` header.
enum HTTPDate {
  private static let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// For example `Sun, 22 Nov 2026 21:26:14 GMT`.
  static func text(_ time: Timestamp) -> String {
    let text = Timestamp(seconds: time.seconds).rfc3339
    let date = text.prefix(10).split(separator: "-")
    guard date.count == 3, let month = Int(date[1]), (1...12).contains(month) else { return text }
    let since = time.seconds >= 0 ? time.seconds / 86_400 : (time.seconds - 86_399) / 86_400
    let day = days[Int(((since % 7) + 7) % 7)]
    return "\(day), \(date[2]) \(months[month - 1]) \(date[0]) \(text.dropFirst(11).prefix(8)) GMT"
  }
}
