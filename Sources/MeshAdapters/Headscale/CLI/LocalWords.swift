/// Tells a command that runs on this machine from one that may run anywhere.
enum LocalWords {
  /// Options of sudo and doas that take no value and stay on this machine.
  private static let plain: Set<Substring> = [
    "-n", "-E", "-H", "--non-interactive", "--preserve-env", "--set-home",
  ]
  /// Options whose value is the next word: user and group.
  private static let valued: Set<Substring> = ["-u", "-g", "--user", "--group"]

  /// True for `headscale` or an absolute path to it, alone or behind sudo or doas.
  ///
  /// Everything that is not known is no: options too (`sudo -h` names another host).
  static func isLocal(_ words: [String]) -> Bool {
    guard let first = words.first, isProgram(first, "sudo") || isProgram(first, "doas") else {
      return words.count == 1 && isProgram(words[0], "headscale")
    }
    var rest = words.dropFirst()
    while let word = rest.first, word.hasPrefix("-") {
      rest = rest.dropFirst()
      if word == "--" { break }
      if valued.contains(word[...]) {
        rest = rest.dropFirst()
      } else if !plain.contains(word[...]), !isAssigned(word) {
        return false
      }
    }
    return rest.count == 1 && rest.first.map { isProgram($0, "headscale") } == true
  }

  /// `--user=headscale`.
  private static func isAssigned(_ word: String) -> Bool {
    word.hasPrefix("--user=") || word.hasPrefix("--group=")
  }

  private static func isProgram(_ word: String, _ name: String) -> Bool {
    word == name || word.hasPrefix("/") && word.hasSuffix("/" + name)
  }
}
