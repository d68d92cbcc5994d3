/// The documents that say what an inventory may hold, generated from the key table.
package enum InventorySchema {
  /// The whole of inventory.schema.md; the same bytes every time.
  package static var markdown: String {
    var parts = [
      intro, "## A full example\n\n```yaml\n" + example + "```\n", "## Keys\n", keysIntro,
    ]
    parts += InventorySection.allCases.map(table)
    parts += [merging, limits, rules, notYet]
    return parts.joined(separator: "\n")
  }

  private static let intro = """
    # The inventory, format 1

    An inventory is one YAML file that says what a mesh should be: the control server, how much a run
    may do, and the hosts with what they inherit from `defaults` and groups. `meshctl` compares it with
    the live node list. An attribute that the inventory does not mention is never changed.

    This document is generated from the key table in the sources
    (`Sources/MeshCore/Inventory/InventoryKey*.swift`); `meshctl schema` prints it, and
    `meshctl schema --format json` writes the JSON Schema that editors understand:

    ```yaml
    # yaml-language-server: $schema=./inventory.schema.json
    ```

    """

  private static let keysIntro = """
    *Since* is the version of meshctl that first read the key. *Hosts only* marks what cannot stand in
    `defaults` or in a group. † marks a key of which some values are read and checked, but not supported
    yet; see the end of this document.

    """

  private static func table(_ section: InventorySection) -> String {
    var lines = [heading(section), ""]
    lines.append("| key | takes | default | meaning | example | since |")
    lines.append("|---|---|---|---|---|---|")
    for key in InventoryKey.keys(of: section) {
      let meaning =
        (key.isRequired ? "**Required.** " : "") + (key.hostOnly ? "*Hosts only.* " : "") + key.doc
      let cells = [
        "`\(key.name)`" + (key.notYet == nil ? "" : " †"), key.type.words,
        fallback(key), meaning, "`\(key.example)`",
        key.since,
      ]
      let row = cells.map { $0.replacingOccurrences(of: "|", with: "\\|") }
      lines.append("| " + row.joined(separator: " | ") + " |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// What holds where a key is not written.
  private static func fallback(_ key: InventoryKey) -> String {
    if let value = key.defaultValue { return value }
    let isAttribute = key.section == .host && !key.type.isMapping && key.name != "expect"
    return isAttribute ? "not managed" : "–"
  }

  private static func heading(_ section: InventorySection) -> String {
    switch section {
    case .top: "### The top of the file"
    case .server: "### `server`"
    case .api: "### `server.api`"
    case .guards: "### `guards`"
    case .host: "### `hosts.NAME`, and `defaults` and `groups.NAME`"
    case .ssh: "### `ssh` of a host"
    case .become: "### `become` of a host"
    case .tailscale: "### `tailscale` of a host"
    case .bootstrap: "### `bootstrap` of a host"
    case .group: "### `groups.NAME`, besides the keys of hosts"
    case .secret: "### A secret: exactly one of"
    }
  }

  private static let merging = """
    ## How levels add up

    1. `defaults`, then the groups of the host in the order of the top-level `groups:` (a later one
       wins), then the host itself.
    2. `ssh`, `become`, `tailscale` and `bootstrap` merge key by key; secrets and commands as a whole.
    3. `tags`, `routes` and `expect` accumulate over all levels. An explicit `[]` drops what was inherited
       up to there and means "none"; `tags: []` only drops.
    4. `owner` and `tags` exclude each other. Both at one level is an error; between levels the more
       specific one wins (a host's tags over `defaults.owner`). An owner from one group against tags from
       another is an error, unless the host says which.
    5. `name`, `address`, `aliases`, `machine_key` and `state` stand on hosts only. Groups do not nest.
    6. A host is in the groups that list it and in those it names; `groups` in `defaults` is for all.
    7. Routes and tags are compared as sets. A key without a value is an error, except where a mapping may
       be empty (`web-1:`).

    """

  private static let limits = """
    ## Limits of the file

    - UTF-8 text of at most 16 MiB, one document, at most 64 levels deep and 2 million nodes; aliases count
      as what they stand for.
    - YAML 1.2 words: `true` and `false` are booleans; `yes`, `no`, `on` and `off` are texts. Keys are not
      repeated. Aliases (`*a`) and merge keys (`<<`) work; custom tags (`!x`) are refused.
    - Names under `hosts:` and `groups:` hold no blanks, commas, quotes or `*?[]`, do not begin with `-` or
      `!`, and are not `all`.
    - A node name is 2 to 63 of `a-z`, `0-9` and `-`, without `-` at the ends. A host whose own name is none
      (a DNS name with dots, say) needs `name`.
    - Values that other programs get never begin with `-` and hold no control characters.
    - Durations are a whole number with `s`, `m`, `h` or `d`, at most ten years; zero may be `0`.

    """

  private static var rules: String {
    var lines = ["## What is checked", ""]
    lines.append("All problems of a file are reported at once, with line, column and a caret.")
    lines += ["", "| code | severity | what is wrong |", "|---|---|---|"]
    lines += InventoryRule.all.map {
      "| `\($0.code.rawValue)` | \($0.severity.rawValue) | \($0.summary) |"
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static var notYet: String {
    var lines = ["## Read, but not supported yet by this version", ""]
    lines.append(
      "These are decoded and checked, so that files can be written now; a plan says so where")
    lines.append("one of them would matter.")
    lines += ["", "| key | what is not supported yet |", "|---|---|"]
    lines += InventoryKey.all.compactMap { key in
      key.notYet.map { "| `\(key.path)` | \($0) |" }
    }
    return lines.joined(separator: "\n") + "\n"
  }
}
