extension InventoryKey {
  static let hostKeys = [
    InventoryKey(
      .host, "os", .choice(OperatingSystem.allCases.map(\.rawValue)), defaultValue: "`linux`",
      "The operating system family of the host.", example: "linux",
      alsoWritten: ["platform", "system"]),
    InventoryKey(
      .host, "address", .address, defaultValue: "the host's name in this file", hostOnly: true,
      "The host name or IP address that SSH goes to.", example: "10.0.0.9",
      alsoWritten: ["ansible_host", "ip", "host", "hostname", "ssh_host"]),
    InventoryKey(
      .host, "port", .port, defaultValue: "`22`", "The port that SSH goes to.", example: "2222",
      alsoWritten: ["ansible_port", "ssh_port"]),
    InventoryKey(
      .host, "connection", .choice(Host.Connection.allCases.map(\.rawValue)),
      defaultValue: "`ssh`",
      "`local` is the machine that meshctl runs on, reached without SSH.", example: "local",
      alsoWritten: ["ansible_connection"]),
    InventoryKey(
      .host, "server_url", .url, defaultValue: "`server.url`",
      "The login server as this host must call it, where that differs from `server.url`.",
      example: "http://10.0.0.56:8080", alsoWritten: ["login_server", "url"]),
    InventoryKey(
      .host, "server_fallback", .choice(Host.ServerFallback.allCases.map(\.rawValue)),
      defaultValue: "`none`",
      "What to do where the name in an http:// server URL does not resolve on the host: fail with a "
        + "proposal, or join by the IP address that answers from there.",
      example: "ip"),
    InventoryKey(
      .host, "ssh", .section(.ssh), "How OpenSSH is called.", example: "{user: ops}"),
    InventoryKey(
      .host, "become", .section(.become), "How to become root on the host.",
      example: "{method: sudo}", alsoWritten: ["sudo"]),
    InventoryKey(
      .host, "name", .nodeName, defaultValue: "the host's name in this file", hostOnly: true,
      "The name of the node in the mesh (MagicDNS). Required where the host's name in this file is "
        + "no DNS label.",
      example: "web-1", alsoWritten: ["given_name", "node_name", "node"]),
    InventoryKey(
      .host, "owner", .owner,
      "The Headscale user that owns the node. A node is owned by a user or by tags, never by both.",
      example: "office", alsoWritten: ["namespace", "username"]),
    InventoryKey(
      .host, "tags", .list(.tag),
      "The tags that own the node. Tags of all levels add up; `[]` drops what is inherited.",
      example: "[tag:server]", alsoWritten: ["tag", "advertise_tags", "forced_tags"]),
    InventoryKey(
      .host, "machine_key", .machineKey, hostOnly: true,
      "Pins which machine this host is; changes on the server then need no SSH. `headscale nodes "
        + "list -o json` prints it.",
      example: "mkey:8f3a1c5e7d9b2f4a6c8e0d1b3a5f7c9e2d4b6a8f0c1e3d5b7a9f2c4e6d8b0a1c",
      alsoWritten: ["mkey"]),
    InventoryKey(
      .host, "routes", .list(.prefix),
      "The subnets this host routes to: advertised on the host and approved on the server; the host "
        + "forwards packets for them. Routes of all levels add up; `[]` drops what is inherited and "
        + "means none.",
      example: "[10.0.0.0/24]", alsoWritten: ["advertise_routes", "subnets"]),
    InventoryKey(
      .host, "exit_node", .boolean,
      "Whether the host offers itself as an exit node, advertised and approved.", example: "true",
      alsoWritten: ["advertise_exit_node"]),
    InventoryKey(
      .host, "accept_routes", .boolean, "Whether the client uses the subnet routes of others.",
      example: "true"),
    InventoryKey(
      .host, "accept_dns", .boolean, "Whether the client takes its DNS settings from the mesh.",
      example: "false", alsoWritten: ["dns", "magic_dns"]),
    InventoryKey(
      .host, "tailscale_ssh", .boolean, "Whether the client runs the Tailscale SSH server.",
      example: "false"),
    InventoryKey(
      .host, "shields_up", .boolean, "Whether the client refuses incoming connections.",
      example: "false"),
    InventoryKey(
      .host, "operator", .user, "The local user who may run `tailscale set` without root.",
      example: "ops"),
    InventoryKey(
      .host, "tailscale", .section(.tailscale), "Which client is installed, and from where.",
      example: "{version: present}", alsoWritten: ["client"]),
    InventoryKey(
      .host, "expiry", .choice(Host.Expiry.allCases.map(\.rawValue)), defaultValue: "`keep`",
      "Whether the node key expires: `keep` leaves it to the server.", example: "keep",
      alsoWritten: ["key_expiry"]),
    InventoryKey(
      .host, "client_logs", .choice(Host.ClientLogs.allCases.map(\.rawValue)),
      defaultValue: "`keep`",
      "`off`: the client sends no logs to its vendor.", example: "keep"),
    InventoryKey(
      .host, "aliases", .list(.label), defaultValue: "`[]`", hostOnly: true,
      "Names that the node may have now: where to look closer when existing nodes are taken over.",
      example: "[win-im3jegkaef3]", alsoWritten: ["alias"]),
    InventoryKey(
      .host, "state", .choice(Host.State.allCases.map(\.rawValue)), defaultValue: "`present`",
      hostOnly: true, "`absent`: take the host off the mesh.", example: "present",
      alsoWritten: ["ensure"]),
    InventoryKey(
      .host, "protect", .boolean, defaultValue: "`false`",
      "Never delete, expire or re-join this host.", example: "true",
      alsoWritten: ["protected"]),
    InventoryKey(
      .host, "offline", .choice(Host.Offline.allCases.map(\.rawValue)), defaultValue: "`repair`",
      "Whether an offline node is drift to repair, or normal (laptops).", example: "ignore"),
    InventoryKey(
      .host, "bootstrap", .section(.bootstrap),
      "How SSH gets enabled where nothing listens on its port.",
      example: "{authorized_keys: ./keys.pub}"),
    InventoryKey(
      .host, "expect", .list(.endpoint),
      "What this host must reach, checked by `meshctl verify`. Entries of all levels add up; `[]` "
        + "drops what is inherited.",
      example: "[db-1, \"10.0.0.5:5432\"]"),
    InventoryKey(
      .host, "groups", .list(.existing("group")), defaultValue: "`[]`",
      "The groups this host is in, besides those that list it.", example: "[servers]",
      alsoWritten: ["group"]),
  ]

  static let sshKeys = [
    InventoryKey(
      .ssh, "user", .user, defaultValue: "what your ssh configuration says",
      "The user to log in as.", example: "ops", alsoWritten: ["username", "login"]),
    InventoryKey(
      .ssh, "identity_file", .path, defaultValue: "what your ssh configuration says",
      "The private key file to log in with.", example: "~/.ssh/mesh_ed25519",
      alsoWritten: ["key_file", "private_key", "identity", "key"]),
    InventoryKey(
      .ssh, "jump", .login, defaultValue: "what your ssh configuration says",
      "The jump host or hosts, as `ssh -J` takes them.", example: "ops@gate.example.com:2222",
      alsoWritten: ["proxy_jump", "proxyjump", "bastion"]),
    InventoryKey(
      .ssh, "host_key", .hostKey, defaultValue: "your known_hosts",
      "The public key that the host must show, or `accept-new` to learn an unknown one. A changed key "
        + "is refused in any case.",
      example: "accept-new", alsoWritten: ["known_host", "fingerprint", "hostkey"]),
    InventoryKey(
      .ssh, "connect_timeout", .duration, defaultValue: "10s",
      "How long to wait for a connection.", example: "20s", alsoWritten: ["timeout"]),
  ]

  static let becomeKeys = [
    InventoryKey(
      .become, "method", .choice(BecomeSettings.Method.allCases.map(\.rawValue)),
      defaultValue: "`auto`",
      "Which program makes us root; `auto` tries sudo, then doas; `none` never elevates.",
      example: "doas"),
    InventoryKey(
      .become, "password", .secret,
      "Where the sudo password comes from; never the password itself.",
      example: "{env: OFFICE_SUDO}",
      alsoWritten: [
        "pass", "passwd", "become_password", "become_pass", "sudo_password",
        "ansible_become_password",
        "ansible_become_pass", "ansible_sudo_pass",
      ]),
  ]

  static let tailscaleKeys = [
    InventoryKey(
      .tailscale, "version", .clientVersion, defaultValue: "`present`",
      "Which client must be installed: any, the newest when it is installed, or exactly one. Which one "
        + "is the newest is not known before the package source is asked, so `latest` upgrades "
        + "nothing that is there; plans list it as not compared.", example: "1.98.2",
      notYet: "an upgrade to `latest`"),
    InventoryKey(
      .tailscale, "source", .choice(ClientInstallation.Source.allCases.map(\.rawValue)),
      defaultValue: "`auto`",
      "Where the client comes from: the vendor's package repository, its static tarball, or the "
        + "distribution's own package.",
      example: "repository"),
    InventoryKey(
      .tailscale, "mirror", .url, defaultValue: "`https://pkgs.tailscale.com/stable`",
      "A mirror with the layout of pkgs.tailscale.com/stable.",
      example: "https://mirror.internal/tailscale/stable"),
    InventoryKey(
      .tailscale, "sha256", .checksum,
      "The checksum that the vendor's archive must have; needs a pinned version.",
      example: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
      alsoWritten: ["checksum"]),
  ]

  static let bootstrapKeys = [
    InventoryKey(
      .bootstrap, "oem_dir", .path,
      "A folder that becomes `C:\\OEM` of a new Windows machine (dockur/windows: `/oem`). Where no SSH "
        + "server answers, apply puts the files of `meshctl bootstrap windows` there; where the "
        + "environment has `HEADSCALE_URL`, only with `--allow-commands`.",
      example: "./oem", alsoWritten: ["oem"]),
    InventoryKey(
      .bootstrap, "authorized_keys", .path, defaultValue: "`~/.ssh/*.pub`",
      "A file of the public keys that may log in once SSH is enabled.", example: "./keys.pub"),
    InventoryKey(
      .bootstrap, "command", .command,
      "A local command that runs the script from its standard input in the guest. Where no SSH server "
        + "answers, apply runs it; where the environment has `HEADSCALE_URL`, only with "
        + "`--allow-commands`.",
      example: "[docker, exec, -i, office-one, sh]"),
  ]
}
