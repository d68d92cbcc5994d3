/// How a limit is written: `3`, `5%` or `off`, as in the inventory.
extension Guards.Limit {
  /// Nil for anything that is no limit.
  package init?(text: String) {
    if text == "off" {
      self = .off
      return
    }
    let digits = text.hasSuffix("%") ? text.dropLast() : text[...]
    guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (48...57).contains($0) }),
      let number = Int(digits)
    else { return nil }
    if text.hasSuffix("%") {
      guard number <= 100 else { return nil }
      self = .percent(number)
    } else {
      self = .count(number)
    }
  }

  package var text: String {
    switch self {
    case .count(let count): "\(count)"
    case .percent(let percent): "\(percent)%"
    case .off: "off"
    }
  }
}
