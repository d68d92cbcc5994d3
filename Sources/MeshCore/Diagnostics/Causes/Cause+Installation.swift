extension Cause {
  static let installation: [Cause] = [
    Cause(
      .installUnsupported, "this version cannot install the client on that system",
      why: "Neither its package manager nor its release leads to a source that meshctl uses.",
      look: "os-release, package managers and architecture of the host.",
      next: "install tailscale on HOST by hand, then run meshctl again"),
    Cause(
      .installDownload, "the client, or its repository's key, could not be fetched",
      why: "The host does not reach the package source, or the source lacks its release.",
      look: "The downloader's words on the host, with the URL.", passes: true,
      next: "on HOST: curl -v URL", "for air-gapped sites: tailscale: {mirror: https://…}"),
    Cause(
      .installKey, "the repository's key or list could not be put in place",
      why: "What was fetched is no key (a proxy's page, say), or the disk is full or read-only.",
      look: "What came from the URL, and the error of the file system.",
      next: "on HOST: curl URL | head", "on HOST: df -h /etc /usr"),
    Cause(
      .installUpdate, "the package manager cannot read the Tailscale repository",
      why: "The repository is not signed as it should be, lacks this release, or another source of"
        + " the host is broken.",
      look: "The package manager's words.", passes: true, next: "on HOST: sudo apt-get update"),
    Cause(
      .installPackage, "the client could not be installed, or does not answer",
      why: "The package manager failed, the version does not exist there, or the disk is full.",
      look: "The package manager's words.", passes: true,
      next: "on HOST: sudo apt-get install tailscale", "check tailscale.version of HOST"),
  ]
}
