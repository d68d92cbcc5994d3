import MeshCore
import Testing

/// The text of plans at every width: everything is there, and columns stand where they should.
@Suite struct PlanTextWidthTests {
  static let widths: [Int] = [40, 60, 80, 120]

  @Test(arguments: PlanCase.names) func nothingIsLostAtAnyWidth(name: String) throws {
    let plan = try PlanCase(name).plan
    let whole = Self.letters(Report.plan(plan, as: .text, style: TextStyle()))
    for width in Self.widths {
      let text = Report.plan(plan, as: .text, style: TextStyle(width: width))
      #expect(Self.letters(text) == whole, "\(width) columns")
      for line in text.split(separator: "\n") { #expect(line.last != " ") }
      let painted = Report.plan(plan, as: .text, style: TextStyle(color: true, width: width))
      #expect(Self.unpainted(painted) == text, "colour changes only colour")
    }
  }

  @Test func rowsWrapInsideTheWidth() throws {
    let plan = try PlanCase("012-join-with-everything").plan
    for width in Self.widths {
      let text = Report.plan(plan, as: .text, style: TextStyle(width: width))
      let rows = text.split(separator: "\n").filter {
        $0.hasPrefix("  + ") || $0.hasPrefix("      ")
      }
      #expect(rows.count > 1)
      for row in rows { #expect(row.count <= width, "\(row)") }
    }
  }

  @Test func wideAndCombiningCharactersKeepTheColumns() throws {
    let text = Report.plan(try PlanCase("094-hostile-names").plan, as: .text, style: TextStyle())
    // Six wide characters take twelve columns, so six blanks fewer follow than letters would need.
    let rows = text.split(separator: "\n").filter { $0.contains("not in the inventory") }
    let wide = try #require(rows.first { $0.contains("漢字") })
    let narrow = try #require(rows.first { $0.contains("<script>") })
    let places = [wide, narrow].map { $0.prefix { $0 != "#" }.count }
    #expect(places[0] + 6 == places[1])
  }

  private static func letters(_ text: String) -> String {
    String(text.unicodeScalars.filter { $0 != " " && $0 != "\n" }.map(Character.init))
  }

  private static func unpainted(_ text: String) -> String {
    text.replacing(#/\u{1B}\[[0-9;]*m/#, with: "")
  }
}
