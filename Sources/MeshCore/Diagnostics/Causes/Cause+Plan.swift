extension Cause {
  static let plan: [Cause] = [
    Cause(
      .ambiguousNode, "two nodes match a host equally well",
      why: "Only a name ties them to it, and a name proves nothing.",
      look: "Names and aliases of the host, and the server's list.",
      next: "pin the right one: machine_key: mkey:…", "meshctl plan --probe --limit HOST"),
    Cause(
      .contestedNode, "two hosts claim one node",
      why: "Nothing is granted to or taken from a node that two hosts claim.",
      look: "Names, aliases and pins of both, and what they report.",
      next: "pin machine_key on the right host", "meshctl plan --probe"),
    Cause(
      .pinMismatch, "the pinned machine key is one node, the host is another",
      why: "Either the pin is old (the host was reinstalled) or this is another machine.",
      look: "machine_key, the server's list, and the key that the host reports.",
      next: "if the host is right: correct machine_key"),
    Cause(
      .pinNotListed, "the server lists no node with the pinned machine key",
      why: "A reinstalled host gets a new machine key, and nothing is granted while the pin says"
        + " otherwise.",
      look: "machine_key, and the server's list.", next: "if HOST is new, remove machine_key"),
    Cause(
      .rejoinNeeded, "the host has to log in again, and that is held back",
      why: "Its key expired, its node was deleted, or it is logged out; a rule forbids the login.",
      look: "The finding beside it says which rule.", next: "meshctl plan --probe --limit HOST"),
    Cause(
      .cutsOwnPath, "the change would drop the SSH connection that it travels on",
      why: "meshctl reaches the host over the mesh, and this decides who may.",
      look: "SSH_CONNECTION on the host: its peer is a mesh address.",
      next: "give HOST an address outside the mesh", "or change it there by hand"),
    Cause(
      .protected, "protect: true forbids it",
      why: "A protected node is neither deleted nor logged in again.", look: "protect of the host.",
      next: "remove protect, for one run"),
    Cause(
      .expiryFixed, "this server cannot turn off a key's expiry",
      why: "Headscale can since 0.29.", look: "The server's version.",
      next: "upgrade Headscale, or remove expiry: never"),
    Cause(
      .nameHeld, "the wanted name belongs to another node",
      why: "Names are unique on a server, and an online stranger keeps his.",
      look: "The server's list.", next: "headscale nodes rename -i ID OTHER-NAME"),
    Cause(
      .notProven, "only a name ties the host to the node",
      why:
        "Clients choose their names, so whatever grants or takes something needs a proof: the key"
        + " that the host itself reports, or a pin.",
      look: "What the probe read on the host.", next: "meshctl plan --probe --limit HOST",
      "or pin machine_key: mkey:…"),
    Cause(
      .otherServer, "the client is joined to another control server",
      why: "Moving a host takes it off that mesh. An address alone does not prove that it is ours.",
      look: "ControlURL in `tailscale debug prefs`.",
      next: "meshctl apply --allow-move --limit HOST", "or write its URL: server_url: …"),
    Cause(
      .keyNotListed, "the client believes it is joined, but the server does not list its key",
      why: "Its node was deleted; its client notices nothing until it logs in again.",
      look: "The node key of the host, and a list that is younger.",
      next: "meshctl apply --limit HOST", from: "Headscale (issue 3410)"),
    Cause(
      .keyExpired, "the node's key has expired",
      why: "The host is off the mesh until it logs in again.", look: "expiry in the server's list.",
      next: "meshctl apply --limit HOST"),
    Cause(
      .tagNotOwned, "a tag has no tagOwners entry in the policy",
      why: "A key carries it all the same, but the tags of an existing node cannot be changed.",
      look: "GET /policy.", next: "add to the policy: \"tagOwners\": {\"tag:x\": []}",
      from: "Headscale (hscontrol/state/tags.go)"),
    Cause(
      .ownerChange, "the owner of a node cannot be changed on this server",
      why: "Since 0.28 no call changes it; the host logs in under the other owner and gets a new"
        + " node.",
      look: "The node's user, and the inventory's owner.", next: "read what the plan says about it"),
    Cause(
      .taggedForGood, "a tagged node cannot be given back to a user",
      why: "The server keeps it tagged, so it is deleted first and joins as a new node.",
      look: "The node's tags.", next: "read what the plan says about it"),
    Cause(
      .ownerNeeded, "no owner is declared, and the server has not exactly one user",
      why: "A join needs somebody to belong to.", look: "GET /user.",
      next: "write owner: NAME or tags: [tag:…] for HOST"),
    Cause(
      .ownerAmbiguous, "the owner's name fits more than one user",
      why: "A local user and one who signed in from outside may share a name.", look: "GET /user.",
      next: "use the email instead"),
    Cause(
      .ownerUnknown, "the owner does not exist and cannot be created",
      why: "Only a login brings users with an email.", look: "GET /user.",
      next: "let that person log in once, or name a local user"),
    Cause(
      .keyOwnerNeeded, "Headscale below 0.29 needs an owner for the keys of tagged hosts",
      why: "Keys without a user make a new node at every login there.",
      look: "The server's version.",
      next: "write server: {key_owner: NAME}"),
    Cause(
      .notSupportedYet, "the plan needs something that this version does not do",
      why: "The rest of the plan goes on; passing over it quietly would not be what the file says.",
      look: "The finding names the key.", next: "do it by hand, or remove that key"),
    Cause(
      .guardDeletes, "more deletions and replacements than guards.max_deletes",
      why: "All of them are held back, the rest goes on.", look: "The plan lists them.",
      next: "read the plan, then add --max-deletes N"),
    Cause(
      .guardChanges, "more changes than guards.max_changes",
      why: "Nothing is done: so many differences at once mean a wrong file or a wrong server.",
      look: "The plan lists them.", next: "read the plan, then add --max-changes N"),
    Cause(
      .noServerClock, "ages cannot be told, because the list has no clock",
      why: "Nothing is deleted by age without the server's own time.",
      look: "Where the list came from.",
      next: "use the REST API or server.api.ssh"),
    Cause(
      .noHosts, "--prune with an inventory that names no host",
      why: "Every node of the mesh would count as unmanaged.", look: "hosts of the inventory.",
      next: "check that it is the right file"),
    Cause(
      .possibleTwin, "a node's name looks like a twin of a host",
      why:
        "A reinstalled machine gets a suffixed name when its old node still holds the plain one.",
      look: "The server's list.", next: "if it is this host, add aliases: [NAME]"),
    Cause(
      .irreversible, "giving a user's node tags cannot be undone",
      why: "The server drops the owner; only a new login brings one back.",
      look: "The node's user.",
      next: "read the plan; keep owner where the user matters", from: "Headscale 0.28 and later"),
  ]

  static let savedPlan: [Cause] = [
    Cause(
      .planFile, "a file is no plan, or a damaged one",
      why: "A plan is what `plan --out` writes; it is not edited.", look: "The file.",
      next: "meshctl plan --out FILE"),
    Cause(
      .planFormat, "a plan has a format that this version does not read",
      why: "A newer meshctl wrote it.", look: "formatVersion of the file.",
      next: "make the plan with this version: meshctl plan --out FILE"),
    Cause(
      .planOut, "--out names a file that is something else than a plan",
      why: "It would be lost.", look: "The file.", next: "name another file"),
    Cause(
      .planInventory, "the inventory is not the one that the plan was made from",
      why: "What was reviewed is not what would be done.", look: "The digest of the file.",
      next: "meshctl plan --out FILE, and review it again"),
    Cause(
      .planSimulated, "a plan of a simulation for the real mesh, or the other way round",
      why: "What is true in one world says nothing about the other.",
      look: "`simulated` in the plan.",
      next: "meshctl plan --out FILE, in the world where it is applied"),
  ]
}
