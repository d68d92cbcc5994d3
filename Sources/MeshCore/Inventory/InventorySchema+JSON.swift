extension InventorySchema {
  /// The JSON Schema (draft 2020-12) of an inventory, for editors; the same bytes every time.
  package static var json: String {
    var definitions: [(String, SchemaValue)] = []
    for section in InventorySection.allCases where section != .top {
      definitions.append((section.rawValue, object(section)))
      if section == .host { definitions.append(("defaults", defaults)) }
    }
    var pairs: [(String, SchemaValue)] = [
      ("$schema", .text("https://json-schema.org/draft/2020-12/schema")),
      ("title", .text("meshctl inventory, format 1")),
    ]
    if case .object(let top) = object(.top) { pairs += top }
    pairs.append(("$defs", .object(definitions)))
    return SchemaValue.object(pairs).rendered() + "\n"
  }

  private static func object(_ section: InventorySection) -> SchemaValue {
    switch section {
    case .group:
      let inherited = InventoryKey.keys(of: .host).filter { !$0.hostOnly && $0.name != "groups" }
      return object(InventoryKey.keys(of: .group) + inherited, nullable: true)
    case .secret:
      guard
        case .object(let pairs) = object(InventoryKey.keys(of: .secret), nullable: false)
      else { return .object([]) }
      return .object(pairs + [("minProperties", .number(1)), ("maxProperties", .number(1))])
    case .top, .server: return object(InventoryKey.keys(of: section), nullable: false)
    case .host: return object(InventoryKey.keys(of: section), nullable: true)
    default: return object(InventoryKey.keys(of: section), nullable: true)
    }
  }

  /// The keys of a host that can be inherited.
  private static var defaults: SchemaValue {
    object(InventoryKey.keys(of: .host).filter { !$0.hostOnly }, nullable: true)
  }

  private static func object(_ keys: [InventoryKey], nullable: Bool) -> SchemaValue {
    var pairs: [(String, SchemaValue)] = [
      ("type", nullable ? .list([.text("object"), .text("null")]) : .text("object")),
      ("additionalProperties", .flag(false)),
    ]
    let required = keys.filter(\.isRequired).map { SchemaValue.text($0.name) }
    if !required.isEmpty { pairs.append(("required", .list(required))) }
    pairs.append(("properties", .object(keys.map { ($0.name, property($0)) })))
    return .object(pairs)
  }

  private static func property(_ key: InventoryKey) -> SchemaValue {
    var description = key.doc
    if let value = key.defaultValue { description += " Default: \(value)." }
    if let notYet = key.notYet {
      description += " Read and checked, but not supported yet by this version: \(notYet)."
    }
    var pairs = form(of: key.type)
    if key.section == .top, key.name == "defaults" { pairs = [reference("defaults")] }
    pairs.append(("description", .text(description)))
    return .object(pairs)
  }

  private static func reference(_ name: String) -> (String, SchemaValue) {
    ("$ref", .text("#/$defs/\(name)"))
  }

  private static func form(of type: InventoryType) -> [(String, SchemaValue)] {
    func text(_ pattern: String) -> [(String, SchemaValue)] {
      [("type", .text("string")), ("pattern", .text(pattern))]
    }
    switch type {
    case .formatVersion: return [("const", .number(1))]
    case .boolean: return [("type", .text("boolean"))]
    case .port:
      return [
        ("type", .text("integer")), ("minimum", .number(1)), ("maximum", .number(65_535)),
      ]
    case .duration:
      return [
        (
          "anyOf",
          .list([.object(text("^[0-9]{1,9}[smhd]$")), .object([("const", .number(0))])])
        )
      ]
    case .limit:
      return [
        (
          "anyOf",
          .list([
            .object([("type", .text("integer")), ("minimum", .number(0))]),
            .object(text("^(off|(100|[0-9]{1,2})%)$")),
          ])
        )
      ]
    case .url: return text("^https?://[^\\s?#@]+$")
    case .nodeName: return text("^[a-z0-9][a-z0-9-]{0,61}[a-z0-9]$")
    case .tag: return text("^tag:[^\\sA-Z]+$")
    case .prefix: return text("^[0-9a-fA-F.:]+/[0-9]{1,3}$")
    case .machineKey: return text("^mkey:[0-9a-f]{64}$")
    case .clientVersion: return text("^(present|latest|[0-9]+\\.[0-9]+\\.[0-9]+)$")
    case .checksum: return text("^[0-9a-fA-F]{64}$")
    case .variable: return text("^[A-Za-z_][A-Za-z0-9_]*$")
    case .text, .address, .login, .user, .label, .owner, .endpoint, .pattern, .existing:
      return text("^[^\\s-]\\S*$")
    case .path, .hostKey: return text("^[^\\s-]")
    case .choice(let names): return [("enum", .list(names.map(SchemaValue.text)))]
    case .list(let element):
      return [("type", .text("array")), ("items", .object(form(of: element)))]
    case .command:
      return [
        ("type", .text("array")), ("items", .object([("type", .text("string"))])),
        ("minItems", .number(1)),
      ]
    case .secret: return [reference("secret")]
    case .section(let section): return [reference(section.rawValue)]
    case .named(let section):
      return [
        ("type", .list([.text("object"), .text("null")])),
        ("additionalProperties", .object([reference(section.rawValue)])),
      ]
    }
  }
}
