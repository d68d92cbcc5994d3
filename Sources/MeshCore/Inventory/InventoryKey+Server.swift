extension InventoryKey {
  static let topKeys = [
    InventoryKey(
      .top, "version", .formatVersion, isRequired: true,
      "The version of the inventory format. It stands in every file, so that a later format is "
        + "refused with a clear message instead of being misread.",
      example: "1"),
    InventoryKey(
      .top, "server", .section(.server), isRequired: true,
      "The control server that hosts join, and how meshctl reaches it.",
      example: "{url: https://mesh.example.com}", alsoWritten: ["headscale", "control"]),
    InventoryKey(
      .top, "guards", .section(.guards),
      "How much one run may do, and what it must leave alone.", example: "{max_deletes: 1}",
      alsoWritten: ["limits"]),
    InventoryKey(
      .top, "defaults", .section(.host),
      "What every host inherits: any key of a host that is not marked \"hosts only\".",
      example: "{os: linux, ssh: {user: ops}}", alsoWritten: ["all", "vars"]),
    InventoryKey(
      .top, "groups", .named(.group),
      "Groups of hosts by name, with what their hosts inherit.",
      example: "{servers: {tags: [tag:server]}}"),
    InventoryKey(
      .top, "hosts", .named(.host), isRequired: true,
      "The hosts by name. The name shows in every output and is what --limit takes; a host without "
        + "keys of its own may be left empty.",
      example: "{web-1: {address: 10.0.0.9}, web-2: {}}", alsoWritten: ["nodes", "machines"]),
  ]

  static let serverKeys = [
    InventoryKey(
      .server, "url", .url, isRequired: true,
      "What hosts join (`--login-server`). It must resolve and answer on the hosts themselves.",
      example: "https://mesh.example.com", alsoWritten: ["login_server", "server_url", "address"]),
    InventoryKey(
      .server, "api", .section(.api),
      defaultValue: "`server.url` and the key in `HEADSCALE_API_KEY`",
      "How meshctl reaches the Headscale API.",
      example: "{url: https://mesh.internal:8443, key: {env: HEADSCALE_API_KEY}}"),
    InventoryKey(
      .server, "key_owner", .owner,
      "The user that the pre-auth keys of tagged hosts are made for. Needed below Headscale 0.29 only.",
      example: "ops", alsoWritten: ["owner", "user"]),
  ]

  static let apiKeys = [
    InventoryKey(
      .api, "url", .url, defaultValue: "`server.url`",
      "The base URL of the API. Where the environment has `HEADSCALE_URL`, the two must be equal, so "
        + "that a change to this file cannot send the key elsewhere.",
      example: "https://mesh.internal:8443"),
    InventoryKey(
      .api, "key", .secret, defaultValue: "`{env: HEADSCALE_API_KEY}`",
      "Where the API key comes from; never the key itself. Where `HEADSCALE_API_KEY` is meant and not "
        + "set, `HEADSCALE_API_KEY_FILE` names a file with the key: systemd's credentials, mounted "
        + "secrets.", example: "{env: HEADSCALE_API_KEY}",
      alsoWritten: ["api_key", "token"]),
    InventoryKey(
      .api, "ca_file", .path, defaultValue: "the system's authorities",
      "A PEM file of the certificate authorities to trust instead of the system's.",
      example: "./mesh-ca.pem", alsoWritten: ["ca", "cacert"]),
    InventoryKey(
      .api, "command", .command,
      "Instead of `url` and `key`: the headscale command on this machine, called without a shell.",
      example: "[sudo, headscale]"),
    InventoryKey(
      .api, "ssh", .login,
      "Instead of `url` and `key`: where to log in and call headscale.",
      example: "root@mesh.example.com"),
    InventoryKey(
      .api, "socket", .path,
      "Instead of `url` and `key`: the unix socket of a Headscale 0.30 or later on this machine.",
      example: "/var/run/headscale/headscale.sock"),
  ]

  static let guardKeys = [
    InventoryKey(
      .guards, "max_deletes", .limit, defaultValue: "`1`",
      "How many deletions, replacements and owner changes one run may do; a percentage is of the "
        + "listed nodes, rounded up. Over it, none of them is done and the rest goes on. Shards share it.",
      example: "\"5%\""),
    InventoryKey(
      .guards, "max_changes", .limit, defaultValue: "`off`",
      "How many hosts one run may change, replace or remove; first joins do not count. A percentage is "
        + "of the hosts in the file, rounded up. Over it, nothing is done. Shards share it.",
      example: "20"),
    InventoryKey(
      .guards, "offline_after", .duration, defaultValue: "`5m`",
      "How long a host's node must be offline to count as drift.", example: "10m"),
    InventoryKey(
      .guards, "prune_after", .duration, defaultValue: "`7d`",
      "How long a node must be offline before it may be deleted by age.", example: "30d"),
    InventoryKey(
      .guards, "confirm_after", .duration, defaultValue: "`3m`",
      "How long to wait for the second look before a deletion by age.", example: "5m"),
    InventoryKey(
      .guards, "ignore", .list(.pattern), defaultValue: "`[]`",
      "Nodes outside the inventory that are neither reported nor pruned: name patterns (`*`, `?`, "
        + "`[a-z]`) and tags.",
      example: "[\"phone-*\", \"tag:guest\"]"),
  ]

  static let groupKeys = [
    InventoryKey(
      .group, "hosts", .list(.existing("host")), defaultValue: "`[]`",
      "The hosts of the group; a host may also name its groups itself.",
      example: "[sfspark1, office-one]", alsoWritten: ["members", "nodes"])
  ]

  static let secretKeys = [
    InventoryKey(
      .secret, "env", .variable,
      "The environment variable of meshctl that holds the secret.", example: "OFFICE_SUDO",
      alsoWritten: ["environment", "variable"]),
    InventoryKey(
      .secret, "file", .path,
      "A file that holds the secret; relative to the folder of the inventory.",
      example: "./office.pass", alsoWritten: ["path"]),
    InventoryKey(
      .secret, "command", .command,
      "A command that prints the secret, called without a shell; needs --allow-commands where "
        + "`HEADSCALE_URL` is set.",
      example: "[pass, show, mesh]", alsoWritten: ["cmd", "exec"]),
  ]
}
