import Foundation
import MeshCore
import Testing

/// The vendor's archive, in every shell.
@Suite(.timeLimit(.minutes(5))) struct StaticConversationTests {
  @Test(arguments: ShellRun.shells, rows)
  func conversation(shell: [String], row: Conversation) async throws {
    try await row.check(in: shell)
  }

  static func row(
    _ name: String, version: String = "1.102.3", sha256: String = "", systemd: Bool = true,
    installed: String? = nil, daemon: String? = nil,
    prepare: @escaping @Sendable (ScriptHost) async throws -> Void = { _ in },
    _ change: (inout Conversation) -> Void
  ) -> Conversation {
    var row = Conversation(
      name,
      InstallConversationTests.call(
        .installStatic, ["MIRROR": "http://mirror", "ARCH": "amd64", "SHA256": sha256],
        version: version), systemd: systemd)
    row.prepare = { host in
      try await host.archive("1.80.0")
      try await host.archive("1.102.3")
      if let installed { try host.install(installed, daemon: daemon) }
      try await prepare(host)
    }
    change(&row)
    return row
  }

  static let leftovers = [
    "usr/bin/tailscale.meshctl-new", "usr/bin/tailscale.meshctl-old",
    "usr/sbin/tailscaled.meshctl-new", "usr/sbin/tailscaled.meshctl-old",
  ]

  static let rows: [Conversation] = [
    row("fresh, with systemd", version: "present") {
      $0.version = "1.102.3"
      $0.files = [
        "usr/sbin/tailscaled": "1.102.3", "etc/systemd/system/tailscaled.service": "ExecStart",
        "etc/default/tailscaled": "PORT=\"41641\"",
      ]
      $0.missing = leftovers
      $0.log = ["systemctl daemon-reload"]
      $0.notRun = ["restart"]
    },
    row("latest", version: "latest", installed: "1.80.0", daemon: "1.80.0") {
      $0.version = "1.102.3"
      $0.files = ["run/daemon": "1.102.3"]
      $0.missing = leftovers
    },
    row("latest is there", version: "latest", installed: "1.102.3", daemon: "1.102.3") {
      $0.version = "1.102.3"
      $0.notRun = ["systemctl"]
    },
    row("pinned down", version: "1.80.0", installed: "1.102.3", daemon: "1.102.3") {
      $0.version = "1.80.0"
      $0.files = ["run/daemon": "1.80.0"]
      $0.missing = leftovers
    },
    row("pinned up, nothing runs", version: "1.102.3", installed: "1.80.0") {
      $0.version = "1.102.3"
      $0.missing = leftovers + ["run/daemon"]
    },
    row("the new daemon does not start", installed: "1.80.0", daemon: "1.80.0") {
      let prepare = $0.prepare
      $0.prepare = { host in
        try await prepare(host)
        try host.write("mood", "bad-daemon\n")
        try host.write("bad-version", "1.102.3\n")
      }
      $0.stage = "restart"
      $0.evidence = "the old version is back"
      $0.version = "1.80.0"
      $0.files = ["run/daemon": "1.80.0"]
      $0.missing = leftovers
    },
    row("the checksum of the inventory", sha256: String(repeating: "0", count: 64)) {
      $0.stage = "checksum"
      $0.evidence = "expected 0000"
      $0.missing = ["usr/bin/tailscale", "etc/systemd/system/tailscaled.service"]
    },
    row(
      "the published checksum of another file",
      prepare: {
        try $0.write(
          "mirror/tailscale_1.102.3_amd64.tgz.sha256", String(repeating: "a", count: 64) + "\n")
      }
    ) {
      $0.stage = "checksum"
      $0.evidence = "has the SHA-256"
      $0.missing = ["usr/bin/tailscale"]
    },
    row(
      "a page instead of the checksum",
      prepare: {
        try $0.write("mirror/tailscale_1.102.3_amd64.tgz.sha256", "<html>log in</html>")
      }
    ) {
      $0.stage = "checksum"
      $0.evidence = "is no SHA-256"
      $0.missing = ["usr/bin/tailscale"]
    },
    row(
      "no checksum is published",
      prepare: {
        try FileManager.default.removeItem(
          at: $0.root.appending(path: "mirror/tailscale_1.102.3_amd64.tgz.sha256"))
      }
    ) {
      $0.stage = "download"
      $0.evidence = "could not fetch http://mirror/tailscale_1.102.3_amd64.tgz.sha256"
      $0.missing = ["usr/bin/tailscale"]
    },
    row("no such version", version: "9.9.9") {
      $0.stage = "download"
      $0.evidence = "could not fetch http://mirror/tailscale_9.9.9_amd64.tgz"
      $0.missing = ["usr/bin/tailscale"]
    },
    row(
      "a page instead of the index", version: "present",
      prepare: { try $0.write("mirror/index.html", "<html>log in</html>") }
    ) {
      $0.stage = "version"
      $0.evidence = "names no version"
    },
    row(
      "an index with hostile text", version: "present",
      prepare: {
        try $0.write("mirror/index.html", #"{"TarballsVersion": "1.0/../../x;touch y"}"#)
      }
    ) {
      $0.stage = "version"
      $0.evidence = "names no version"
    },
    row(
      "another client inside",
      prepare: { try await $0.archive("1.102.3", answering: "1.56.0") }
    ) {
      $0.stage = "install"
      $0.evidence = "answers 1.56.0 instead of 1.102.3"
      $0.missing = leftovers + ["usr/bin/tailscale"]
    },
    row(
      "a package's program", installed: "1.80.0", prepare: { try $0.write("mood", "owned\n") }
    ) {
      $0.stage = "place"
      $0.evidence = "belongs to a package"
      $0.version = "1.80.0"
    },
    row(
      "flags that stand there go on to count",
      prepare: { try $0.write("etc/default/tailscaled", "FLAGS=\"--verbose=1\"\n") }
    ) {
      $0.version = "1.102.3"
      $0.files = ["etc/default/tailscaled": "FLAGS=\"\"\nFLAGS=\"--verbose=1\"\n"]
    },
    row(
      "with OpenRC", systemd: false,
      prepare: { try $0.program("rc-service", "#!/bin/sh\nexit 0\n") }
    ) {
      $0.version = "1.102.3"
      $0.files = ["etc/init.d/tailscale": "#!/sbin/openrc-run\n"]
      $0.missing = ["etc/systemd/system/tailscaled.service"]
    },
    row("without an init system", systemd: false) {
      $0.version = "1.102.3"
      $0.files = ["usr/sbin/tailscaled": "1.102.3"]
      $0.missing = ["etc/default/tailscaled", "etc/init.d/tailscale"]
    },
  ]
}
