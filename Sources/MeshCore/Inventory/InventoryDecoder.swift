package import YAMLReader

/// Makes an inventory of a YAML document, or says everything that is wrong with it.
package enum InventoryDecoder {
  /// Decodes, merges and validates.
  ///
  /// All problems of the file are found in one go. Warnings and notes come with an inventory; an
  /// error of any kind means there is none, so nobody acts on half a file.
  ///
  /// - Parameters:
  ///   - root: The document.
  ///   - path: The file's path as the user gave it, for messages.
  ///   - digest: `sha256:<hex>` of the file's bytes.
  /// - Returns: The inventory, nil where a diagnostic is an error; diagnostics in reading order of
  ///   the checks (`DiagnosticText` sorts them by position).
  package static func decode(
    _ root: YAMLNode, path: String, digest: String
  ) -> (inventory: Inventory?, diagnostics: [Diagnostic]) {
    var context = DecodingContext(path: path)
    let inventory = inventory(root, path: path, digest: digest, in: &context)
    return (context.hasErrors ? nil : inventory, context.diagnostics)
  }

  private static func inventory(
    _ root: YAMLNode, path: String, digest: String, in context: inout DecodingContext
  ) -> Inventory? {
    guard
      let fields = context.fields(
        of: root, in: [.top], mayBeEmpty: false, title: "the inventory")
    else { return nil }
    // The whole document is no place to point at; its beginning is.
    let start = SourceMark(line: root.mark.line, column: root.mark.column)
    context.requireKeys(of: .top, in: fields, from: start, to: start)
    func field(_ name: String) -> Field? { fields.first { $0.key.name == name } }

    field("version").map { context.formatVersion($0) }
    let server = field("server").flatMap { context.server($0) }
    let guards = field("guards").map { context.guards($0) } ?? Guards()
    var defaults = HostLayer()
    if let field = field("defaults"),
      let fields = context.fields(of: field.node, in: [.host], title: "`defaults`")
    {
      defaults = context.hostLayer(fields, level: .defaults)
    }
    let groups = field("groups").map { context.groups($0) } ?? []
    let hosts = field("hosts").map { context.hosts($0) } ?? []

    var assembly = HostAssembly(defaults: defaults, groups: groups, hosts: hosts)
    let complete = assembly.hosts(in: &context)
    InventoryChecks.run(
      over: complete, entries: hosts, groups: groups, server: server?.url, in: &context)
    guard let server else { return nil }
    return Inventory(
      path: path, digest: digest, server: server, guards: guards, hosts: complete.map(\.host),
      groups: groups.map(\.name))
  }
}

/// One entry under `groups:`.
struct GroupEntry: Sendable {
  var name: String
  var mark: SourceMark
  var end: SourceMark
  var layer: HostLayer
  var hosts: [Located<String>]
}

/// One entry under `hosts:`.
struct HostEntry: Sendable {
  var key: String
  var mark: SourceMark
  var end: SourceMark
  var layer: HostLayer
  /// False where the key itself was refused; nothing more is then said about it.
  var isNamed: Bool
}

extension DecodingContext {
  mutating func groups(_ field: Field) -> [GroupEntry] {
    var groups: [GroupEntry] = []
    for pair in named(field) where entryName(pair, what: "group") {
      guard
        let fields = fields(
          of: pair.value, in: [.group, .host], title: "group `\(YAMLNode.cut(pair.key))`")
      else { continue }
      var hosts: [Located<String>] = []
      for field in fields where field.key.section == .group {
        hosts +=
          locatedList(field) { context, key, node in
            context.text(key, node).map { Located($0, at: node) }
          } ?? []
      }
      let layer = hostLayer(fields, level: .group)
      groups.append(
        GroupEntry(
          name: pair.key, mark: pair.keyMark, end: pair.keyEnd, layer: layer, hosts: hosts))
    }
    return groups
  }

  mutating func hosts(_ field: Field) -> [HostEntry] {
    let pairs = named(field)
    var hosts: [HostEntry] = []
    hosts.reserveCapacity(pairs.count)
    for pair in pairs {
      // A wrongly named host still gets its keys checked, and may be meant by a group.
      let isNamed = entryName(pair, what: "host")
      host = pair.key
      let fields = fields(of: pair.value, in: [.host], title: "host `\(YAMLNode.cut(pair.key))`")
      let layer = hostLayer(fields ?? [], level: .host)
      hosts.append(
        HostEntry(
          key: pair.key, mark: pair.keyMark, end: pair.keyEnd, layer: layer, isNamed: isNamed))
    }
    host = nil
    return hosts
  }

  /// The pairs of a mapping whose keys the user chose.
  private mutating func named(_ field: Field) -> [YAMLPair] {
    if let pairs = field.node.pairs { return pairs }
    if field.node.isNull { return [] }
    var hint: String?
    if case .sequence = field.node.content {
      hint = "write each name as a key: `\(field.key.name == "hosts" ? "web-1" : "servers"):`"
    }
    report(
      .invType, .error,
      "`\(field.key.name)`: expected a mapping from names to their keys, found "
        + field.node.inWords, hint: hint, at: field.node)
    return []
  }
}
