/// What can be wrong with an inventory file.
///
/// `validate` exits with 1 where one of severity error is found; warnings and notes never stop a run.
extension DiagnosticCode {
  /// The `version` key is missing or names a format this meshctl does not read.
  package static let invVersion = DiagnosticCode(rawValue: "MESH-INV-VERSION")
  /// A required key is missing.
  package static let invMissing = DiagnosticCode(rawValue: "MESH-INV-MISSING")
  /// A key that means nothing where it stands.
  package static let invUnknownKey = DiagnosticCode(rawValue: "MESH-INV-UNKNOWN-KEY")
  /// A value of the wrong type: a text where a list is wanted, say.
  package static let invType = DiagnosticCode(rawValue: "MESH-INV-TYPE")
  /// A word that is not one of the few that the key takes.
  package static let invChoice = DiagnosticCode(rawValue: "MESH-INV-CHOICE")
  /// A number, duration or limit outside what the key takes.
  package static let invRange = DiagnosticCode(rawValue: "MESH-INV-RANGE")
  /// An empty text where something must stand.
  package static let invEmpty = DiagnosticCode(rawValue: "MESH-INV-EMPTY")
  /// A value that another program would misread: it begins with `-`, or holds control characters or blanks.
  package static let invUnsafe = DiagnosticCode(rawValue: "MESH-INV-UNSAFE")
  /// A key that says who one host is stands in `defaults` or in a group.
  package static let invHostsOnly = DiagnosticCode(rawValue: "MESH-INV-HOSTS-ONLY")
  /// A name under `hosts:` or `groups:` that cannot be selected or printed safely.
  package static let invHostKey = DiagnosticCode(rawValue: "MESH-INV-HOST")
  /// A node name that is no DNS label, or a host whose own name is none and that has no `name`.
  package static let invNodeName = DiagnosticCode(rawValue: "MESH-INV-NODE-NAME")
  /// Two hosts would carry the same node name.
  package static let invDuplicateName = DiagnosticCode(rawValue: "MESH-INV-DUPLICATE-NAME")
  /// Two hosts pin the same machine key.
  package static let invDuplicateMachine = DiagnosticCode(
    rawValue: "MESH-INV-DUPLICATE-MACHINE-KEY")
  /// An alias that another host also claims, as its name or alias.
  package static let invAlias = DiagnosticCode(rawValue: "MESH-INV-ALIAS")
  /// A machine key that is not `mkey:` and 64 lower-case hex digits, or is all zero.
  package static let invMachineKey = DiagnosticCode(rawValue: "MESH-INV-MACHINE-KEY")
  /// An address that is no host name and no IP address.
  package static let invAddress = DiagnosticCode(rawValue: "MESH-INV-ADDRESS")
  /// A user name that cannot be one.
  package static let invUser = DiagnosticCode(rawValue: "MESH-INV-USER")
  /// An owner that Headscale would refuse as a user name.
  package static let invOwner = DiagnosticCode(rawValue: "MESH-INV-OWNER")
  /// Owner and tags at one level: a node is owned by a user or by its tags.
  package static let invOwnerAndTags = DiagnosticCode(rawValue: "MESH-INV-OWNER-AND-TAGS")
  /// A tag without `tag:`, or with upper case, blanks or signs Headscale refuses.
  package static let invTag = DiagnosticCode(rawValue: "MESH-INV-TAG")
  /// A route that is no CIDR.
  package static let invCIDR = DiagnosticCode(rawValue: "MESH-INV-CIDR")
  /// A CIDR whose host bits are not zero; Headscale would store it and never match it.
  package static let invHostBits = DiagnosticCode(rawValue: "MESH-INV-HOST-BITS")
  /// A default route among `routes`; that is what `exit_node` is for.
  package static let invDefaultRoute = DiagnosticCode(rawValue: "MESH-INV-DEFAULT-ROUTE")
  /// Routes of two hosts that overlap without being equal.
  package static let invRouteOverlap = DiagnosticCode(rawValue: "MESH-INV-ROUTE-OVERLAP")
  /// A route that several hosts have: one serves it, the others stand by.
  package static let invRouteShared = DiagnosticCode(rawValue: "MESH-INV-ROUTE-SHARED")
  /// The same entry twice in one list.
  package static let invRepeated = DiagnosticCode(rawValue: "MESH-INV-REPEATED")
  /// A value that is no http:// or https:// URL, or has parts a server URL cannot have.
  package static let invURL = DiagnosticCode(rawValue: "MESH-INV-URL")
  /// A server URL whose name (`.local`) resolves on one local network only.
  package static let invLocalURL = DiagnosticCode(rawValue: "MESH-INV-LOCAL-URL")
  /// The API key would travel unencrypted.
  package static let invClearKey = DiagnosticCode(rawValue: "MESH-INV-CLEAR-KEY")
  /// A host names a group that does not exist.
  package static let invUnknownGroup = DiagnosticCode(rawValue: "MESH-INV-UNKNOWN-GROUP")
  /// A group lists a host that does not exist.
  package static let invUnknownHost = DiagnosticCode(rawValue: "MESH-INV-UNKNOWN-HOST")
  /// A secret stands in the file, or has none or several sources.
  package static let invSecret = DiagnosticCode(rawValue: "MESH-INV-SECRET")
  /// A duration without its unit, or none at all.
  package static let invDuration = DiagnosticCode(rawValue: "MESH-INV-DURATION")
  /// A limit that is no number, no percentage and not `off`.
  package static let invLimit = DiagnosticCode(rawValue: "MESH-INV-LIMIT")
  /// A client version that is not `present`, `latest` or three numbers.
  package static let invClientVersion = DiagnosticCode(rawValue: "MESH-INV-CLIENT-VERSION")
  /// A checksum that is not 64 hex digits.
  package static let invChecksum = DiagnosticCode(rawValue: "MESH-INV-CHECKSUM")
  /// A pinned host key that is neither `accept-new` nor a public key.
  package static let invSSHKey = DiagnosticCode(rawValue: "MESH-INV-SSH-KEY")
  /// `connection: local` on several hosts, or together with an address.
  package static let invLocal = DiagnosticCode(rawValue: "MESH-INV-LOCAL")
  /// A key that the host's system or server makes nothing of.
  package static let invForeign = DiagnosticCode(rawValue: "MESH-INV-FOREIGN")
  /// Several ways to reach the API, or settings that do not go together.
  package static let invAPIAccess = DiagnosticCode(rawValue: "MESH-INV-API-ACCESS")
  /// A host and a group of the same name; --limit would take both.
  package static let invSameName = DiagnosticCode(rawValue: "MESH-INV-SAME-NAME")
  /// The file is not YAML: indentation, quotes, brackets or colons.
  package static let invYAMLSyntax = DiagnosticCode(rawValue: "MESH-INV-YAML-SYNTAX")
  /// The file is not UTF-8 text, or holds characters a text file has no use for.
  package static let invYAMLText = DiagnosticCode(rawValue: "MESH-INV-YAML-TEXT")
  /// The file holds nothing but blanks and comments.
  package static let invYAMLEmpty = DiagnosticCode(rawValue: "MESH-INV-YAML-EMPTY")
  /// The file holds more than one document.
  package static let invYAMLDocuments = DiagnosticCode(rawValue: "MESH-INV-YAML-DOCUMENTS")
  /// A key stands twice in one mapping.
  package static let invYAMLDuplicateKey = DiagnosticCode(rawValue: "MESH-INV-YAML-DUPLICATE-KEY")
  /// A key that is no plain word: a list, a mapping, or too long.
  package static let invYAMLKey = DiagnosticCode(rawValue: "MESH-INV-YAML-KEY")
  /// The file is larger or nested deeper than an inventory may be.
  package static let invYAMLLimit = DiagnosticCode(rawValue: "MESH-INV-YAML-LIMIT")
  /// An alias (`*a`) without its anchor (`&a`), or inside it.
  package static let invYAMLAlias = DiagnosticCode(rawValue: "MESH-INV-YAML-ALIAS")
  /// A YAML tag (`!x`) that an inventory has no use for.
  package static let invYAMLTag = DiagnosticCode(rawValue: "MESH-INV-YAML-TAG")
  /// A merge key (`<<`) whose value is no mapping.
  package static let invYAMLMerge = DiagnosticCode(rawValue: "MESH-INV-YAML-MERGE")
}
