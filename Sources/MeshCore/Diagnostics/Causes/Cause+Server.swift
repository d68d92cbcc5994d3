extension Cause {
  /// What `check-server` finds out on the host before anything is changed there.
  static let server: [Cause] = [
    Cause(
      .serverResolve, "the server's name does not resolve on the host",
      why: "It is DNS. The client would wait for the server until its time is up and not say why."
        + " A `.local` name is multicast DNS, which does not cross Docker, NAT, WSL or routers, and"
        + " which the client does not ask.",
      look: "The host's own resolver (getent and the like) and, for http://, whether the server"
        + " answers from there by one of the addresses that the name has on the controller.",
      next: "write for HOST: server_url: http://ADDRESS:PORT",
      "or server_fallback: ip, which joins by the address that answers (http:// only)",
      "for https://: make the name known by DNS or the host's hosts file"),
    Cause(
      .serverByAddress, "the host joins by the server's address, since its name does not resolve",
      why: "`server_fallback: ip` says so. When that address changes, the host loses the server; a"
        + " name in DNS would not.",
      look: "The verdict of the check on the host, and the address that answered there.",
      next: "to keep the address: server_url: http://ADDRESS:PORT for HOST",
      "to keep the name: put it into DNS or the host's hosts file"),
    Cause(
      .serverLocalName, "the server's name resolves on the host by multicast DNS only",
      why: "The system asks mDNS through nss-mdns; the client reads the hosts file and asks DNS, so"
        + " its login may time out although everything else on the host reaches the server.",
      look: "on HOST: getent -s 'hosts:files dns' ahosts NAME gives nothing.",
      next: "write for HOST: server_url: http://ADDRESS:PORT", "or put the name into DNS"),
    Cause(
      .serverConnect, "the host cannot open a connection to the server",
      why: "The name is known there, but nothing accepts connections: a firewall, another VPN, a"
        + " wrong port, or a server that is down. A loopback address means the host itself.",
      look: "The words of curl, wget, python3, bash or openssl on the host.", passes: true,
      next: "on HOST: curl -v URL/health", "check the port in server.url or server_url"),
    Cause(
      .serverTLS, "the host does not accept the server's certificate",
      why: "The client verifies it too, so a join cannot succeed. The authority is unknown there,"
        + " the name is another, the clock is wrong, or the port speaks no TLS.",
      look: "The words of the tool on the host, and how far its clock is from the server's.",
      next: "on HOST: curl -v URL/health", "install the authority's certificate on HOST",
      "on HOST: sudo timedatectl set-ntp true, where its clock is wrong"),
    Cause(
      .serverHTTP, "the server answers the host with an HTTP error",
      why: "Something speaks HTTP there, but not as a control server does: a wrong path, or a proxy"
        + " that does not pass /health and /key on.",
      look: "The status of URL/health and of URL/key?v=100 as the host gets them.", passes: true,
      next: "on HOST: curl -v URL/health", "check path and reverse proxy of the server"),
    Cause(
      .serverBody, "what answers the host is no control server",
      why: "A captive portal, a proxy's page, or another service on that port.",
      look: "The first bytes of what answered URL/health.",
      next: "on HOST: curl -v URL/health", "check server.url, or server_url of HOST"),
    Cause(
      .serverProxy, "the host reaches the server only through the proxy of its login",
      why: "The variable is set for logins; the client's service has an environment of its own and"
        + " does not see it.",
      look: "http_proxy and https_proxy on the host, and the verdict with and without them.",
      next: "on HOST: write HTTPS_PROXY=… and HTTP_PROXY=… into /etc/default/tailscaled and restart"
        + " tailscaled", "on Windows: netsh winhttp set proxy HOST:PORT"),
    Cause(
      .serverClock, "the clocks of the host and the server differ by minutes",
      why: "Certificates look expired or not valid yet with a wrong clock, and a key of ten minutes"
        + " may look spent.",
      look: "The Date of the server's answer minus the host's own clock.",
      next: "on HOST: sudo timedatectl set-ntp true", "on Windows: w32tm /resync /force"),
    Cause(
      .serverUnchecked, "the host could not check whether it reaches the server",
      why: "No program that can ask is there, its answer was cut short, or it checks no"
        + " certificates. The join itself will tell.",
      look: "Which of curl, wget, python3, bash and openssl the host has.", passes: true,
      next: "install curl on HOST"),
  ]
}
