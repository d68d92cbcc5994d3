/// One thing that is checked in every inventory, for the schema document and `meshctl explain`.
package struct InventoryRule: Sendable, Equatable {
  package var code: DiagnosticCode
  package var severity: Severity
  /// What is wrong, in one sentence.
  package var summary: String

  init(_ code: DiagnosticCode, _ severity: Severity, _ summary: String) {
    self.code = code
    self.severity = severity
    self.summary = summary
  }

  /// Every rule, in the order the document shows them.
  package static let all: [InventoryRule] = [
    InventoryRule(
      .invVersion, .error,
      "The `version` key is missing or names a format this meshctl does not read."),
    InventoryRule(.invMissing, .error, "A required key is missing."),
    InventoryRule(.invUnknownKey, .error, "A key that means nothing where it stands."),
    InventoryRule(
      .invType, .error, "A value of the wrong type: a text where a list is wanted, say."),
    InventoryRule(.invChoice, .error, "A word that is not one of the few that the key takes."),
    InventoryRule(.invRange, .error, "A number, duration or limit outside what the key takes."),
    InventoryRule(.invEmpty, .error, "An empty text where something must stand."),
    InventoryRule(
      .invUnsafe, .error,
      "A value that another program would misread: it begins with `-`, or holds control characters or blanks."
    ),
    InventoryRule(
      .invHostsOnly, .error, "A key that says who one host is stands in `defaults` or in a group."),
    InventoryRule(
      .invHostKey, .error,
      "A name under `hosts:` or `groups:` that cannot be selected or printed safely."),
    InventoryRule(
      .invNodeName, .error,
      "A node name that is no DNS label, or a host whose own name is none and that has no `name`."),
    InventoryRule(.invDuplicateName, .error, "Two hosts would carry the same node name."),
    InventoryRule(.invDuplicateMachine, .error, "Two hosts pin the same machine key."),
    InventoryRule(
      .invAlias, .warning, "An alias that another host also claims, as its name or alias."),
    InventoryRule(
      .invMachineKey, .error,
      "A machine key that is not `mkey:` and 64 lower-case hex digits, or is all zero."),
    InventoryRule(.invAddress, .error, "An address that is no host name and no IP address."),
    InventoryRule(.invUser, .error, "A user name that cannot be one."),
    InventoryRule(.invOwner, .error, "An owner that Headscale would refuse as a user name."),
    InventoryRule(
      .invOwnerAndTags, .error,
      "Owner and tags at one level: a node is owned by a user or by its tags."),
    InventoryRule(
      .invTag, .error,
      "A tag without `tag:`, or with upper case, blanks or signs Headscale refuses."),
    InventoryRule(.invCIDR, .error, "A route that is no CIDR."),
    InventoryRule(
      .invHostBits, .error,
      "A CIDR whose host bits are not zero; Headscale would store it and never match it."),
    InventoryRule(
      .invDefaultRoute, .error, "A default route among `routes`; that is what `exit_node` is for."),
    InventoryRule(
      .invRouteOverlap, .warning, "Routes of two hosts that overlap without being equal."),
    InventoryRule(
      .invRouteShared, .note, "A route that several hosts have: one serves it, the others stand by."
    ),
    InventoryRule(.invRepeated, .warning, "The same entry twice in one list."),
    InventoryRule(
      .invURL, .error,
      "A value that is no http:// or https:// URL, or has parts a server URL cannot have."),
    InventoryRule(
      .invLocalURL, .warning,
      "A server URL whose name (`.local`) resolves on one local network only."),
    InventoryRule(.invClearKey, .warning, "The API key would travel unencrypted."),
    InventoryRule(.invUnknownGroup, .error, "A host names a group that does not exist."),
    InventoryRule(.invUnknownHost, .error, "A group lists a host that does not exist."),
    InventoryRule(
      .invSecret, .error, "A secret stands in the file, or has none or several sources."),
    InventoryRule(.invDuration, .error, "A duration without its unit, or none at all."),
    InventoryRule(.invLimit, .error, "A limit that is no number, no percentage and not `off`."),
    InventoryRule(
      .invClientVersion, .error,
      "A client version that is not `present`, `latest` or three numbers."),
    InventoryRule(.invChecksum, .error, "A checksum that is not 64 hex digits."),
    InventoryRule(
      .invSSHKey, .error, "A pinned host key that is neither `accept-new` nor a public key."),
    InventoryRule(
      .invLocal, .warning, "`connection: local` on several hosts, or together with an address."),
    InventoryRule(
      .invForeign, .warning,
      "A host's own key that does nothing there: `operator` on Windows or `oem_dir` elsewhere, say."
    ),
    InventoryRule(
      .invAPIAccess, .error, "Several ways to reach the API, or settings that do not go together."),
    InventoryRule(
      .invSameName, .warning, "A host and a group of the same name; --limit would take both."),
    InventoryRule(
      .invYAMLSyntax, .error, "The file is not YAML: indentation, quotes, brackets or colons."),
    InventoryRule(
      .invYAMLText, .error,
      "The file is not UTF-8 text, or holds characters a text file has no use for."),
    InventoryRule(.invYAMLEmpty, .error, "The file holds nothing but blanks and comments."),
    InventoryRule(.invYAMLDocuments, .error, "The file holds more than one document."),
    InventoryRule(.invYAMLDuplicateKey, .error, "A key stands twice in one mapping."),
    InventoryRule(
      .invYAMLKey, .error, "A key that is no plain word: a list, a mapping, or too long."),
    InventoryRule(
      .invYAMLLimit, .error, "The file is larger or nested deeper than an inventory may be."),
    InventoryRule(
      .invYAMLAlias, .error, "An alias (`*a`) without its anchor (`&a`), or inside it."),
    InventoryRule(.invYAMLTag, .error, "A YAML tag (`!x`) that an inventory has no use for."),
    InventoryRule(.invYAMLMerge, .error, "A merge key (`<<`) whose value is no mapping."),
  ]
}
