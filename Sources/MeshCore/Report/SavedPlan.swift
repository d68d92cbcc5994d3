#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A plan that was written to a file (`plan --out`, `plan --format json`) and is read again.
///
/// Whoever could write the file may have written anything, so nothing of it is trusted: applying it
/// plans again and compares (`SavedPlanComparison`).
package struct SavedPlan: Sendable {
  package var plan: Plan
  /// The meshctl that made it.
  package var meshctl: String

  /// The format that this version reads, whatever the minor number is.
  static let major = 1

  /// True where a file is meant to be a plan: a JSON object that names a format version.
  ///
  /// An inventory may be JSON too (YAML contains it) and never has that key.
  package static func isPlan(_ bytes: [UInt8]) -> Bool {
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    let text = withoutMark(bytes)
    guard text.first(where: { !blanks.contains($0) }) == UInt8(ascii: "{") else { return false }
    let key = Array("\"formatVersion\"".utf8)
    var rest = text
    while let quote = rest.firstIndex(of: UInt8(ascii: "\"")) {
      if rest[quote...].starts(with: key) { return true }
      rest = rest[(quote + 1)...]
    }
    return false
  }

  /// Reads a plan.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - file: its name, for messages.
  /// - Throws: `Failure` with `MESH-PLAN-FORMAT` for a newer major format and `MESH-PLAN-FILE` for
  ///   everything else that is no plan; the content is quoted in short pieces only.
  package init(bytes: [UInt8], file: String) throws(Failure) {
    let data = Data(SavedPlan.withoutMark(bytes))
    let head: Head
    do { head = try JSONDecoder().decode(Head.self, from: data) } catch {
      throw SavedPlan.damaged(file, SavedPlan.words(error))
    }
    if let format = head.format {
      throw SavedPlan.damaged(file, "Its format is \(PlanDocument.Reading.short(format)).")
    }
    guard let version = head.formatVersion else {
      throw SavedPlan.damaged(file, "It names no formatVersion.")
    }
    try SavedPlan.check(version, madeBy: head.meshctl, file)
    do {
      let document = try JSONDecoder().decode(PlanDocument.self, from: data)
      plan = try document.plan()
      meshctl = document.meshctl
    } catch let error as PlanDocument.Unreadable {
      throw SavedPlan.damaged(file, error.words, newer: SavedPlan.isNewer(version))
    } catch {
      throw SavedPlan.damaged(file, SavedPlan.words(error))
    }
  }

  /// What tells the format before anything else is believed.
  private struct Head: Decodable {
    var formatVersion: String?
    var meshctl: String?
    /// Another format of this program that also counts versions (`meshctl-status`, say).
    var format: String?
  }

  private static func withoutMark(_ bytes: [UInt8]) -> ArraySlice<UInt8> {
    bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
  }

  private static func check(
    _ version: String, madeBy maker: String?, _ file: String
  ) throws(Failure) {
    let numbers = version.split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 2, let major = numbers[0], let minor = numbers[1], major >= 1, minor >= 0
    else {
      throw damaged(file, "formatVersion is \(PlanDocument.Reading.short(version)).")
    }
    guard major > SavedPlan.major else { return }
    let made = maker.map { " (made by meshctl \(VisibleText.escaped($0, limit: 40)))" } ?? ""
    throw Failure(
      .planFormat, "\(file) is a plan of format \(major).\(minor)\(made)",
      detail: "meshctl \(MeshctlVersion.current) reads format \(SavedPlan.major).x only.",
      hint: "use a meshctl that knows format \(major), or plan again with this one")
  }

  /// By numbers: 1.10 comes after 1.9.
  private static func isNewer(_ version: String) -> Bool {
    func numbers(_ text: String) -> [Int] { text.split(separator: ".").compactMap { Int($0) } }
    return numbers(Plan.formatVersion).lexicographicallyPrecedes(numbers(version))
  }

  private static func damaged(
    _ file: String, _ evidence: String, newer: Bool = false
  ) -> Failure {
    Failure(
      .planFile, "\(file == "-" ? "standard input" : file) is not a plan that can be read",
      detail: newer ? "It was made by a newer meshctl, whose words this one may not know." : nil,
      evidence: evidence, hint: "make one with: meshctl plan --out FILE")
  }

  /// The place and the kind of trouble, never the content: a wrong file may hold anything.
  private static func words(_ error: any Error) -> String {
    guard let error = error as? DecodingError else { return "It cannot be read as JSON." }
    switch error {
    case .typeMismatch(_, let context): return place(context) + "another type is needed here."
    case .valueNotFound(_, let context): return place(context) + "a value is missing."
    case .keyNotFound(let key, let context):
      return place(context) + "\"\(VisibleText.escaped(key.stringValue, limit: 40))\" is missing."
    case .dataCorrupted(let context) where !context.codingPath.isEmpty:
      return place(context) + "this cannot be read."
    case .dataCorrupted: return "It is not valid JSON, or it is cut short."
    @unknown default: return "It cannot be read as JSON."
    }
  }

  private static func place(_ context: DecodingError.Context) -> String {
    var text = ""
    for key in context.codingPath.prefix(8) {
      if let index = key.intValue {
        text += "[\(index)]"
      } else {
        text += (text.isEmpty ? "" : ".") + VisibleText.escaped(key.stringValue, limit: 40)
      }
    }
    return text.isEmpty ? "" : text + ": "
  }
}
