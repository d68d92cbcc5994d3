/// Chooses hosts by the patterns of `--limit` and `--exclude`, and by `--shard`.
///
/// A pattern is a host's key, a group's name, `all`, or a glob over host keys; several are written
/// with commas or by giving the flag again. In `--limit`, `!pattern` takes hosts out again, wherever
/// it stands; only `!patterns` mean "all but". Globs never match groups, so that `web*` does not
/// bring in what a group `web-backup` lists.
package enum HostSelector {
  /// The keys of the selected hosts; all of them where there is no pattern.
  ///
  /// - Parameters:
  ///   - hosts: All hosts of the inventory.
  ///   - groups: All groups of the inventory.
  ///   - limit: The values of `--limit`.
  ///   - exclude: The values of `--exclude`.
  ///   - shard: The part of `--shard`; what the patterns select is cut by it, and may be nothing, since
  ///     the shards of one schedule are given the same patterns.
  /// - Returns: Keys of `hosts`.
  /// - Throws: `Failure` for an exact name that is neither host nor group (also in `--exclude`: a
  ///   mistyped exclusion would act on the host it was meant to spare), for an empty pattern, and
  ///   where patterns leave no host.
  package static func select(
    _ hosts: [Host], groups: [String], limit: [String], exclude: [String], shard: Shard?
  ) throws(Failure) -> Set<String> {
    let selected = try select(hosts, groups: groups, limit: limit, exclude: exclude)
    guard let shard else { return selected }
    return selected.filter(shard.contains)
  }

  private static func select(
    _ hosts: [Host], groups: [String], limit: [String], exclude: [String]
  ) throws(Failure) -> Set<String> {
    guard !limit.isEmpty || !exclude.isEmpty else { return Set(hosts.map(\.key)) }
    let terms = try Term.parse(limit, flag: "--limit")
    let excluded = try Term.parse(exclude, flag: "--exclude")
    if let negated = excluded.first(where: \.isNegated) {
      throw Failure(
        .selPattern, "--exclude takes no `!`: `!\(negated.text)`",
        hint: "write --limit \(negated.text)")
    }
    let directory = Directory(hosts: hosts, groups: groups)
    try directory.requireKnown(terms + excluded)

    var selected: Set<String> = []
    if terms.allSatisfy(\.isNegated) { selected = Set(directory.keys) }
    for term in terms where !term.isNegated { selected.formUnion(directory.members(of: term)) }
    for term in terms where term.isNegated { selected.subtract(directory.members(of: term)) }
    for term in excluded { selected.subtract(directory.members(of: term)) }
    guard selected.isEmpty else { return selected }
    let flags =
      limit.map { "--limit \($0)" } + exclude.map { "--exclude \($0)" }
    throw Failure(
      .selEmpty, "no host is selected by \(flags.joined(separator: " "))",
      detail: "The inventory has \(hosts.count) host\(hosts.count == 1 ? "" : "s").")
  }
}

/// One pattern of a flag.
private struct Term {
  var text: String
  var isNegated: Bool

  static func parse(_ values: [String], flag: String) throws(Failure) -> [Term] {
    var terms: [Term] = []
    for value in values {
      for part in value.split(separator: ",", omittingEmptySubsequences: false) {
        var text = String(part.trimmed)
        let isNegated = text.hasPrefix("!")
        if isNegated { text = String(text.dropFirst().trimmed) }
        guard !text.isEmpty else {
          // An unset variable in a script must not turn "these hosts" into "all hosts".
          throw Failure(
            .selPattern,
            value.isEmpty ? "\(flag) is empty" : "\(flag) \(value): a pattern is empty",
            hint: "leave the flag out to select all hosts")
        }
        terms.append(Term(text: text, isNegated: isNegated))
      }
    }
    return terms
  }
}

/// Hosts and groups by name.
private struct Directory {
  let keys: [String]
  private let keySet: Set<String>
  private let groups: [String: [String]]
  private let otherNames: [String: String]

  init(hosts: [Host], groups names: [String]) {
    keys = hosts.map(\.key)
    keySet = Set(keys)
    var groups = Dictionary(names.map { ($0, [String]()) }, uniquingKeysWith: { first, _ in first })
    var otherNames: [String: String] = [:]
    for host in hosts {
      for group in host.groups { groups[group, default: []].append(host.key) }
      for name in [host.name] + host.aliases where name != host.key { otherNames[name] = host.key }
    }
    self.groups = groups
    self.otherNames = otherNames
  }

  func members(of term: Term) -> [String] {
    if term.text == "all" { return keys }
    if Glob.isPattern(term.text) {
      let glob = Glob(term.text)
      return keys.filter(glob.matches)
    }
    return (keySet.contains(term.text) ? [term.text] : []) + (groups[term.text] ?? [])
  }

  func requireKnown(_ terms: [Term]) throws(Failure) {
    let unknown = terms.map(\.text).filter {
      $0 != "all" && !Glob.isPattern($0) && !keySet.contains($0) && groups[$0] == nil
    }
    guard let first = unknown.first else { return }
    let hint: String?
    if let key = otherNames[first] {
      hint = "`\(first)` is a node name or alias of the host `\(key)`"
    } else {
      hint = Suggestion.nearest(to: first, in: keys + groups.keys.sorted())
        .map { "did you mean `\($0)`?" }
    }
    throw Failure(
      .selUnknown, "no host or group is called \(Suggestion.alternatives(unknown))", hint: hint)
  }
}

extension StringProtocol {
  /// Without blanks at both ends.
  fileprivate var trimmed: Substring {
    let isBlank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    let head = Substring(drop(while: isBlank))
    guard let last = head.lastIndex(where: { !isBlank($0) }) else { return "" }
    return head[...last]
  }
}
