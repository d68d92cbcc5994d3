/// The sections a script printed on standard output.
///
/// A script prints `<mark> <name> <status>` in front of each section and `<mark> end 0` last; the
/// mark is random for each run, so neither a login banner nor a program's output can forge a section,
/// and a report without `end` was cut short.
package struct ScriptReport: Sendable, Equatable {
  package struct Section: Sendable, Equatable {
    package var status: Int
    /// Without the final line feed.
    package var text: String

    package init(status: Int, text: String) {
      self.status = status
      self.text = text
    }
  }

  package var sections: [String: Section]
  /// False when the script did not reach its end.
  package var isComplete: Bool

  package init(sections: [String: Section], isComplete: Bool = true) {
    self.sections = sections
    self.isComplete = isComplete
  }

  package init(parsing output: String, mark: String) {
    var sections: [String: Section] = [:]
    var current: (name: String, status: Int, lines: [Substring])?
    var complete = false
    func close() {
      guard let section = current else { return }
      sections[section.name] = Section(
        status: section.status, text: section.lines.joined(separator: "\n"))
      current = nil
    }
    // By scalars: to Swift "\r\n" is one Character, and apt's progress would hide a section line.
    for scalars in output.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false) {
      var line = Substring(scalars)
      // A proxy or a login shell may turn line ends around.
      if scalars.last == "\r" { line = Substring(scalars.dropLast()) }
      let words = line.split(separator: " ")
      if words.count == 3, words[0] == mark, let status = Int(words[2]) {
        close()
        if words[1] == "end" {
          complete = true
          break
        }
        current = (String(words[1]), status, [])
      } else {
        current?.lines.append(line)
      }
    }
    close()
    self.init(sections: sections, isComplete: complete)
  }

  /// The text of a section; nil where the script did not print it.
  package func text(_ name: String) -> String? { sections[name]?.text }

  package func status(_ name: String) -> Int? { sections[name]?.status }
}
