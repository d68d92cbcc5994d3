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
      next: "on HOST: curl -v URL", "without the repository: tailscale: {source: static}",
      "for air-gapped sites: tailscale: {mirror: https://…}"),
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
      .installVersion, "that version of the client cannot be had",
      why: "The source does not hold it, the package manager's repositories hold one version only"
        + " (pacman, apk), or another client comes first on the host's PATH.",
      look: "The package manager's words, or what `tailscale version` answers afterwards.",
      next: "set tailscale: {version: present} for HOST",
      "or tailscale: {source: static} where the client was not installed by a package"),
    Cause(
      .installChecksum, "the downloaded archive is not what it shall be",
      why: "Its SHA-256 is not that of tailscale.sha256 or of the file beside it; nothing was"
        + " installed.",
      look: "Both checksums.",
      next: "check tailscale.sha256, version and mirror of HOST", "on HOST: curl URL.sha256"),
    Cause(
      .installPlace, "the client of the archive could not be put in place",
      why: "The disk is full, the system's folders cannot be written, or a package owns the file.",
      look: "The error of the file system, or the package that owns the file.",
      next: "on HOST: df -h /usr /etc", "on HOST: mount | grep ' ro'"),
    Cause(
      .installPackage, "the client could not be installed, or does not answer",
      why: "The package manager failed, the version does not exist there, or the disk is full.",
      look: "The package manager's words.", passes: true,
      next: "on HOST: sudo apt-get install tailscale", "check tailscale.version of HOST"),
  ]
}
