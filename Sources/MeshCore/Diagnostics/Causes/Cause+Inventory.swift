extension Cause {
  /// One row a rule: what is wrong stands in `InventoryRule`, what to do about it here.
  static let inventory: [Cause] = InventoryRule.all.map { rule in
    let advice = inventoryAdvice[rule.code]
    var cause = Cause(
      rule.code, String(rule.summary.hasSuffix(".") ? rule.summary.dropLast() : rule.summary[...]),
      why: advice?.why ?? "", look: "The line of the file that the finding shows.",
      next: advice?.next ?? "")
    if rule.severity != .error {
      cause.meaning += " It is a \(rule.severity.rawValue) and stops nothing."
    }
    return cause
  }

  typealias Advice = (why: String, next: String)

  private static let inventoryAdvice: [DiagnosticCode: Advice] =
    fileAdvice.merging(hostAdvice) { one, _ in one }.merging(valueAdvice) { one, _ in one }

  /// The file as such.
  private static let fileAdvice: [DiagnosticCode: Advice] = [
    .invVersion: ("A file of another format could mean something else.", "write version: 1"),
    .invMissing: ("Nothing can stand in for it.", "meshctl schema --format markdown"),
    .invUnknownKey: (
      "A misspelt key would be passed over quietly.", "meshctl schema --format markdown"
    ),
    .invType: ("It cannot be read as what the key takes.", "meshctl schema --format markdown"),
    .invChoice: ("Only a few words mean something there.", "take one of the words that are named"),
    .invRange: ("Outside of it the value makes no sense or does harm.", "stay within the range"),
    .invEmpty: ("An empty text says nothing.", "write the value, or remove the key"),
    .invUnsafe: (
      "ssh, sudo or tailscale would take it for an option, or for two words.", "write it plainly"
    ),
    .invDuration: ("Seconds or minutes would be a guess.", "write for example 30s, 5m, 12h, 7d"),
    .invLimit: ("Guards need a number to count against.", "write for example 3, \"5%\" or off"),
    .invSecret: (
      "A file in a repository is read by many; it names where a secret is.",
      "write {env: NAME}, {file: PATH} or {command: […]}; change a secret that stood in a file"
    ),
    .invYAMLSyntax: ("Nothing of the file can be used.", "correct the place under the caret"),
    .invYAMLText: ("Characters that are not text hide what a file says.", "save it as UTF-8"),
    .invYAMLEmpty: ("There is nothing to do.", "meshctl import, or the example in README.md"),
    .invYAMLDocuments: ("Only one can be meant.", "remove `---` and what does not belong there"),
    .invYAMLDuplicateKey: ("Only one of the two would count.", "remove one of them"),
    .invYAMLKey: ("Keys are plain words.", "write a plain word"),
    .invYAMLLimit: ("It is no inventory, or made to exhaust who reads it.", "split the file"),
    .invYAMLAlias: ("It stands for nothing.", "add the anchor &NAME, or write the value"),
    .invYAMLTag: ("Tags ask for types that an inventory has no use for.", "remove the tag"),
    .invYAMLMerge: ("Only a mapping can be merged.", "write `<<: *NAME` of a mapping"),
  ]

  /// Who a host is and what it belongs to.
  private static let hostAdvice: [DiagnosticCode: Advice] = [
    .invHostsOnly: ("It can be true of one host only.", "move it to that host"),
    .invHostKey: (
      "It stands in --limit, in plans and in messages.", "use letters, digits, `-`, `_` and `.`"
    ),
    .invForeign: (
      "The host's system or server has no such thing, so the value is passed over.",
      "remove the key from the host"
    ),
    .invNodeName: (
      "MagicDNS names are DNS labels, and Headscale would change another one.",
      "write name: with lower-case letters, digits and `-`"
    ),
    .invDuplicateName: ("Names are unique on a server.", "give one of them another name"),
    .invDuplicateMachine: ("A machine is one host.", "remove one of the pins"),
    .invAlias: ("A node of that name could be either.", "remove the alias from one of them"),
    .invMachineKey: (
      "It would match nothing.", "copy it from the node list: meshctl status --pins"
    ),
    .invAddress: ("SSH could not go there.", "write a host name or an IP address"),
    .invUser: ("No system has such a user.", "correct the name"),
    .invOwner: (
      "The server would refuse or mangle it.",
      "start with a letter; letters, digits, `-._`, at most one `@`"
    ),
    .invOwnerAndTags: ("A node has one or the other.", "remove one of the two"),
    .invTag: ("Headscale would refuse it.", "write tag:name, in lower case"),
    .invUnknownGroup: ("It is misspelt, or was removed.", "add the group, or correct the name"),
    .invUnknownHost: ("It is misspelt, or was removed.", "add the host, or correct the name"),
    .invLocal: (
      "This machine is one host, and is not reached by an address.",
      "keep connection: local on one host, without address"
    ),
    .invSameName: ("--limit would take both.", "rename the group"),
  ]

  /// Values of single keys.
  private static let valueAdvice: [DiagnosticCode: Advice] = [
    .invCIDR: ("A route is a network.", "write for example 10.0.0.0/24"),
    .invHostBits: ("Headscale would store it and never match it.", "write the network's address"),
    .invDefaultRoute: (
      "An exit node is both default routes and is set as one.", "write exit_node: true"
    ),
    .invRouteOverlap: ("The narrower one wins, which may not be meant.", "check both hosts"),
    .invRouteShared: (
      "One serves it, the others stand by.", "remove it from the others where that is not meant"
    ),
    .invRepeated: ("It counts once.", "remove one of them"),
    .invURL: ("The client would not take it.", "write for example https://mesh.example.com"),
    .invLocalURL: (
      "Multicast DNS does not cross Docker, NAT, WSL or routers, and the client does not ask it.",
      "use a name in DNS, or give such hosts server_url: http://ADDRESS:PORT or server_fallback: ip"
    ),
    .invClearKey: (
      "Whoever is in between reads it.", "use https://, server.api.ssh or server.api.socket"
    ),
    .invForeign: ("The client there has no such setting, so it is passed over.", "remove it"),
    .invClientVersion: ("No such version exists.", "write present, latest or for example 1.102.3"),
    .invChecksum: ("It would match nothing.", "copy the sha256 of the archive"),
    .invSSHKey: ("A host key is pinned whole.", "write \"ssh-ed25519 AAAA…\" or accept-new"),
    .invAPIAccess: ("Only one way can be taken.", "keep url, command, ssh or socket"),
  ]
}
