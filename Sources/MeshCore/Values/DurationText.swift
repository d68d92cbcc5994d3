/// Durations as people write them: `90s`, `5m`, `2h`, `7d`, or plain `0`.
package enum DurationText {
  /// The longest duration taken, ten years; keeps all arithmetic on instants far from overflow.
  package static let longest: Int64 = 3_650 * 86_400

  /// The seconds of a whole number with one unit; nil where the text is not one, is negative, or is
  /// longer than ten years.
  package static func seconds(_ text: String) -> Int64? {
    if text == "0" { return 0 }
    guard let unit = text.utf8.last, let factor = factors[unit] else { return nil }
    let digits = text.utf8.dropLast()
    guard (1...9).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
    let seconds = number * factor
    return seconds <= longest ? seconds : nil
  }

  /// The shortest spelling that `seconds(_:)` reads back as the same duration.
  package static func text(seconds: Int64) -> String {
    for (unit, factor) in [("d", Int64(86_400)), ("h", 3600), ("m", 60)]
    where seconds != 0 && seconds % factor == 0 { return "\(seconds / factor)\(unit)" }
    return "\(seconds)s"
  }

  private static let factors: [UInt8: Int64] = [
    UInt8(ascii: "s"): 1, UInt8(ascii: "m"): 60, UInt8(ascii: "h"): 3600, UInt8(ascii: "d"): 86_400,
  ]
}
