#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What `ansible-inventory --list` prints: hosts with their variables, and groups.
///
/// Ansible merges INI, YAML and dynamic inventories into this one shape. Only connection variables
/// are read; passwords are never looked at, only that they are there.
package struct AnsibleInventory: Sendable, Equatable {
  /// A variable's value, as far as it can be taken over.
  enum Value: Sendable, Equatable {
    case text(String)
    case flag(Bool)
    /// A list, a mapping, null.
    case other
    /// Encrypted by ansible-vault.
    case vault

    var isTemplate: Bool {
      guard case .text(let text) = self else { return false }
      return text.contains("{{") || text.contains("{%")
    }
  }

  /// By inventory name; every host of every group is there.
  var hosts: [String: [String: Value]]
  /// Every group with all its hosts, those of its children too; without `all` and `ungrouped`.
  var groups: [String: Set<String>]
  /// Groups that carry variables of their own, which `--export` leaves unmerged.
  package private(set) var groupsWithVariables: [String]

  /// How many hosts it names.
  package var hostCount: Int { hosts.count }

  /// Reads the JSON.
  ///
  /// - Parameters:
  ///   - bytes: the whole output.
  ///   - file: its name for messages.
  /// - Throws: `Failure` with `MESH-IMPORT-ANSIBLE` where it is something else.
  package init(bytes: [UInt8], file: String) throws(Failure) {
    let file = file == "-" ? "standard input" : file
    let raw: [String: RawGroup]
    do { raw = try JSONDecoder().decode([String: RawGroup].self, from: Data(bytes)) } catch {
      throw Self.unreadable(file, "it is no JSON object of groups")
    }
    guard raw["_meta"]?.hostvars != nil || raw["all"] != nil else {
      throw Self.unreadable(file, "it has neither `_meta` nor `all`")
    }
    hosts = raw["_meta"]?.hostvars ?? [:]
    groups = [:]
    for group in raw.values {
      for host in group.hosts { hosts[host] = hosts[host] ?? [:] }
    }
    for name in raw.keys where !["_meta", "all", "ungrouped"].contains(name) {
      groups[name] = AnsibleInventory.members(of: name, in: raw)
    }
    groupsWithVariables = raw.filter { $0.value.hasVariables && $0.key != "_meta" }.keys.sorted()
  }

  /// Children may name each other in a circle, so each group is visited once.
  private static func members(of name: String, in groups: [String: RawGroup]) -> Set<String> {
    var members: Set<String> = []
    var seen: Set<String> = [name]
    var waiting = [name]
    while let next = waiting.popLast() {
      guard let group = groups[next] else { continue }
      members.formUnion(group.hosts)
      waiting += group.children.filter { seen.insert($0).inserted }
    }
    return members
  }

  private static func unreadable(_ file: String, _ why: String) -> Failure {
    Failure(
      .importAnsible, "\(file) is not the output of ansible-inventory --list: \(why)",
      hint: "write it with: ansible-inventory -i INVENTORY --list > \(file)")
  }
}

/// One entry of the JSON: a group, or `_meta`.
private struct RawGroup: Decodable {
  var hosts: [String]
  var children: [String]
  var hasVariables: Bool
  var hostvars: [String: [String: AnsibleInventory.Value]]?

  private enum CodingKeys: String, CodingKey { case hosts, children, vars, hostvars }

  init(from decoder: any Decoder) throws {
    // A dynamic inventory may give a bare list of hosts.
    if let list = try? decoder.singleValueContainer().decode([String].self) {
      (hosts, children, hasVariables, hostvars) = (list, [], false, nil)
      return
    }
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    hosts = try fields.decodeIfPresent([String].self, forKey: .hosts) ?? []
    children = try fields.decodeIfPresent([String].self, forKey: .children) ?? []
    let variables = try fields.decodeIfPresent(
      [String: AnsibleInventory.Value].self, forKey: .vars)
    hasVariables = variables?.isEmpty == false
    hostvars = try fields.decodeIfPresent(
      [String: [String: AnsibleInventory.Value]].self, forKey: .hostvars)
  }
}

extension AnsibleInventory.Value: Decodable {
  private enum CodingKeys: String, CodingKey { case vault = "__ansible_vault" }

  init(from decoder: any Decoder) throws {
    if let fields = try? decoder.container(keyedBy: CodingKeys.self) {
      self = fields.contains(.vault) ? .vault : .other
      return
    }
    guard let value = try? decoder.singleValueContainer() else {
      self = .other
      return
    }
    if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Int.self) {
      self = .text(String(number))
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else {
      self = .other
    }
  }
}
