import Foundation
import MeshCore
import Testing
import YAMLReader

/// `configure-host`, `start-service` and jobs that outlive their connection, in every shell.
@Suite(.timeLimit(.minutes(5))) struct HostScriptTests {
  @Test(arguments: ShellRun.shells, rows)
  func conversation(shell: [String], row: Conversation) async throws {
    try await row.check(in: shell)
  }

  static func configure(
    _ name: String, forward: String = "", logs: String = "keep", systemd: Bool = true,
    prepare: @escaping @Sendable (ScriptHost) async throws -> Void = { _ in },
    _ change: (inout Conversation) -> Void
  ) -> Conversation {
    var row = Conversation(
      "configure-host: \(name)",
      RemoteCall(
        .configureHost, parameters: [.init("FORWARD", forward), .init("LOGS", logs)],
        elevated: true, timeout: 60), systemd: systemd)
    row.prepare = { host in
      try host.write("proc/sys/net/ipv4/ip_forward", "0\n")
      try host.write("proc/sys/net/ipv6/conf/all/forwarding", "0\n")
      try await prepare(host)
    }
    change(&row)
    return row
  }

  static let sysctl = "etc/sysctl.d/99-tailscale.conf"
  static let dropIn = "etc/systemd/system/tailscaled.service.d/meshctl-logs.conf"
  static let v4 = "proc/sys/net/ipv4/ip_forward"
  static let v6 = "proc/sys/net/ipv6/conf/all/forwarding"

  static func start(
    _ name: String, systemd: Bool = true,
    prepare: @escaping @Sendable (ScriptHost) async throws -> Void,
    _ change: (inout Conversation) -> Void
  ) -> Conversation {
    var row = Conversation("start-service: \(name)", .startService, systemd: systemd)
    row.prepare = { host in
      try host.install("1.102.3")
      try await prepare(host)
    }
    change(&row)
    return row
  }

  static let daemon = """
    #!/bin/sh
    echo "tailscaled $*" >>'@ROOT@/log'
    case " $* " in *' --tun=userspace-networking '*) ;; *) exit 1 ;; esac
    echo 1.102.3 >'@ROOT@/run/daemon'
    """

  static let rows: [Conversation] = [
    configure("forwards one family", forward: "4") {
      $0.files = [sysctl: "net.ipv4.ip_forward = 1\n", v4: "1", v6: "0"]
      $0.notRun = ["systemctl"]
    },
    configure("forwards both", forward: "4 6") {
      $0.files = [
        sysctl: "net.ipv4.ip_forward = 1\nnet.ipv6.conf.all.forwarding = 1\n", v4: "1", v6: "1",
      ]
    },
    configure(
      "other lines stay, a wrong one goes", forward: "4",
      prepare: {
        try $0.write(sysctl, "# mine\nnet.core.somaxconn=1024\nnet.ipv4.ip_forward=0\n")
      }
    ) {
      $0.files = [sysctl: "# mine\nnet.core.somaxconn=1024\nnet.ipv4.ip_forward = 1\n", v4: "1"]
    },
    configure(
      "written already, and not in force", forward: "4",
      prepare: { try $0.write(sysctl, "net.ipv4.ip_forward=1\n") }
    ) { $0.files = [sysctl: "net.ipv4.ip_forward=1\n", v4: "1"] },
    configure(
      "no IPv6", forward: "6",
      prepare: {
        try FileManager.default.removeItem(at: $0.root.appending(path: "proc/sys/net/ipv6"))
      }
    ) {
      $0.stage = "forwarding"
      $0.evidence = "IPv6 is off here"
    },
    configure("logs off, nothing runs", logs: "off") {
      $0.files = [dropIn: "[Service]\nEnvironment=TS_NO_LOGS_NO_SUPPORT=true\n"]
      $0.log = ["systemctl daemon-reload"]
      $0.notRun = ["restart"]
      $0.missing = ["run/meshctl-restart-tailscaled"]
    },
    configure(
      "logs off, a daemon that sends them runs", logs: "off",
      prepare: {
        try $0.install("1.102.3", daemon: "1.102.3")
        try $0.write("run/pid", "\(ProcessInfo.processInfo.processIdentifier)")
      }
    ) {
      $0.files = [dropIn: ""]
      $0.log = ["systemctl restart tailscaled"]
      $0.missing = ["run/meshctl-restart-tailscaled"]
    },
    configure(
      "the daemon does not come back", logs: "off",
      prepare: {
        try $0.install("1.102.3", daemon: "1.102.3")
        try $0.write("run/pid", "\(ProcessInfo.processInfo.processIdentifier)")
        try $0.write("mood", "bad-daemon\n")
        try $0.write("bad-version", "1.102.3\n")
      }
    ) {
      $0.stage = "restart"
      $0.evidence = "Job for tailscaled.service failed"
      // The next probe has to say that it is not in force.
      $0.files = ["run/meshctl-restart-tailscaled": ""]
    },
    configure(
      "logs off with OpenRC", logs: "off", systemd: false,
      prepare: {
        try $0.program("rc-service", "#!/bin/sh\nexit 0\n")
        try $0.write("etc/conf.d/tailscale", "# options\nTAILSCALED_PORT=41641\n")
      }
    ) {
      $0.files = [
        "etc/conf.d/tailscale":
          "# options\nTAILSCALED_PORT=41641\nexport TS_NO_LOGS_NO_SUPPORT=true\n"
      ]
    },
    configure("logs off without an init system", logs: "off", systemd: false) {
      $0.files = ["etc/default/tailscaled": "TS_NO_LOGS_NO_SUPPORT=true\n"]
    },

    start(
      "with systemd", prepare: { try $0.write("etc/default/tailscaled", "FLAGS=\"--verbose=1\"\n") }
    ) {
      $0.log = ["systemctl enable tailscaled", "systemctl start tailscaled"]
      // There is no device, and the flags that are there stay.
      $0.files = [
        "etc/default/tailscaled": "FLAGS=\"--verbose=1 --tun=userspace-networking\"\n",
        "run/daemon": "1.102.3",
      ]
    },
    start(
      "a last line without its end",
      prepare: { try $0.write("etc/default/tailscaled", "PORT=\"41641\"") }
    ) {
      $0.files = [
        "etc/default/tailscaled": "PORT=\"41641\"\nFLAGS=\"--tun=userspace-networking\"\n"
      ]
    },
    start(
      "no daemon",
      prepare: { host in
        try FileManager.default.removeItem(at: host.root.appending(path: "usr/sbin/tailscaled"))
      }
    ) {
      $0.stage = "missing"
      $0.evidence = "tailscaled: not found"
    },
    start(
      "without an init system", systemd: false,
      prepare: {
        try $0.program("tailscaled", daemon)
        try $0.write("etc/default/tailscaled", "TS_NO_LOGS_NO_SUPPORT=true\n")
      }
    ) {
      $0.log = ["--tun=userspace-networking --no-logs-no-support"]
      $0.files = ["run/meshctl-tailscaled.pid": ""]
    },
    start(
      "without an init system, and it does not come up", systemd: false,
      prepare: { try $0.program("tailscaled", "#!/bin/sh\necho 'logtail: no disk' >&2\n") }
    ) {
      $0.stage = "answer"
      $0.evidence = "logtail: no disk"
    },
  ]

  @Test(arguments: ShellRun.shells) func startSaysWhatIsNotPersistent(shell: [String]) async throws
  {
    let host = try ScriptHost(systemd: false)
    defer { host.remove() }
    try host.install("1.102.3")
    try host.program("tailscaled", Self.daemon)
    let report = try await host.run(.startService, in: shell)
    #expect(report.text("notes") == "userspace\nnot-persistent")
    let warnings = try RemoteJudge.judge(
      .startService, answer: RemoteAnswer(exitStatus: 0, report: report),
      host: Host(key: "box", mark: .init(line: 1, column: 1))
    ).get().warnings
    #expect(warnings.map(\.code) == [.clientUserspace, .clientNotPersistent])
    // A second start finds it running and says the same of the machine.
    let again = try await host.run(.startService, in: shell)
    #expect(again.text("notes") == "not-persistent" && again.status("stage") == 0)
  }
}
