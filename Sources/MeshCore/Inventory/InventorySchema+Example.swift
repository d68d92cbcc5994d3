extension InventorySchema {
  /// An inventory that uses every section; decodes without errors or warnings.
  package static let example = """
    version: 1
    server:
      url: https://mesh.example.com          # what hosts join
      api:                                   # how meshctl reaches Headscale
        url: https://mesh.internal:8443
        key: {env: HEADSCALE_API_KEY}        # or {file: path} or {command: [pass, show, mesh]}
        ca_file: ./mesh-ca.pem
      key_owner: ops                         # needed below Headscale 0.29 only
    guards:
      max_deletes: 1                         # a number, "5%" of the nodes, or off
      max_changes: "50%"
      offline_after: 5m
      prune_after: 7d
      confirm_after: 3m
      ignore: ["phone-*", "tag:guest"]
    defaults:
      os: linux
      ssh: {user: ops}
    groups:
      servers:
        tags: [tag:server]
        hosts: [sfspark1]
      laptops:
        offline: ignore
        accept_dns: true
    hosts:
      sfspark1:                              # meshctl runs here
        connection: local
        routes: [10.0.0.0/24]
        exit_node: false
      win-lab:
        os: windows
        address: localhost
        port: 2222
        server_url: http://10.0.0.56:8080    # this host cannot resolve the name
        aliases: [win-im3jegkaef3]
      office-one:
        address: 10.0.0.20
        port: 2222
        owner: office
        become: {method: sudo, password: {env: OFFICE_SUDO}}
        tailscale: {version: 1.98.2, source: repository}
        groups: [laptops]
      nas.example.com:
        name: nas
        ssh: {jump: ops@gate.example.com, host_key: accept-new, connect_timeout: 20s}
      old-nas: {state: absent}

    """
}
