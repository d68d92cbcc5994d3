/// How `install-windows.ps1` asks winget, read from the script itself: a rehearsal then asks the same.
package enum WingetCall {
  /// The arguments of the embedded script.
  package static let arguments = arguments(in: ScriptText.windows(.installWindows) ?? "")

  /// The literals of its list of arguments, in order; what is computed there (the installer's own
  /// properties, a version) is left out.
  package static func arguments(in script: String) -> [String] {
    let lines = script.split(separator: "\n", omittingEmptySubsequences: false)
    guard let function = lines.firstIndex(where: { $0.hasPrefix("function Install-ByWinget") }),
      let start = lines[function...].firstIndex(where: { $0.hasSuffix("$arguments = @(") }),
      let end = lines[start...].firstIndex(where: { $0.hasPrefix("  )") })
    else { return [] }
    return lines[(start + 1)..<end].flatMap { line in
      line.split(separator: "'", omittingEmptySubsequences: false).enumerated()
        .filter { !$0.offset.isMultiple(of: 2) }.map { String($0.element) }
    }.filter { $0 != " " }
  }
}
