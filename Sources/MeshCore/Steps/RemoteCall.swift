/// One run of an embedded script on a target, as data.
///
/// Parameters are set as shell variables by quoted assignment in front of the script; they are never
/// pasted into code. Secrets are named by slot; the executor fills them in at the last moment into
/// 0600 files whose *paths* the script sees in the named variables.
package struct RemoteCall: Sendable, Equatable {
  package var script: ScriptName
  /// Variable name (`[A-Z][A-Z0-9_]*`) and value, in order.
  package var parameters: [Parameter]
  package var secretFiles: [SecretFile]
  /// True when the script has to run as root.
  package var elevated: Bool
  /// True where the client's operator may run it without root (`ClientAccess`).
  package var operatorSuffices = false
  /// Seconds for the whole run, as seen from the controller.
  package var timeout: Int
  /// True where a connection that breaks must not end it (Linux): it runs apart, and a second call
  /// while it runs waits for the same run.
  package var isDetached = false

  package struct Parameter: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
      self.name = name
      self.value = value
    }
  }

  package struct SecretFile: Sendable, Equatable {
    package var variable: String
    package var slot: SecretSlot

    package init(_ variable: String, _ slot: SecretSlot) {
      self.variable = variable
      self.slot = slot
    }
  }

  package init(
    _ script: ScriptName, parameters: [Parameter] = [], secretFiles: [SecretFile] = [],
    elevated: Bool, timeout: Int
  ) {
    self.script = script
    self.parameters = parameters
    self.secretFiles = secretFiles
    self.elevated = elevated
    self.timeout = timeout
  }

  /// The same call, for which the client's operator needs no root.
  var byOperatorToo: RemoteCall {
    var call = self
    call.operatorSuffices = true
    return call
  }
}

/// The embedded scripts by file name in `Target/Scripts` (without the suffix).
package enum ScriptName: String, Sendable, CaseIterable {
  case probe
  case verify
  case checkSource = "check-source"
  case elevate
  case checkServer = "check-server"
  case installApt = "install-apt"
  case installDNF = "install-dnf"
  case installZypper = "install-zypper"
  case installPacman = "install-pacman"
  case installAPK = "install-apk"
  case installStatic = "install-static"
  case configureHost = "configure-host"
  case installWindows = "install-windows"
  case startService = "start-service"
  case join
  case setPreferences = "set-preferences"
  case clearKey = "clear-key"
  case leave
  case handOver = "hand-over"
  case takeBack = "take-back"
  case installBrew = "install-brew"
  case prepare
  case prepareUndo = "prepare-undo"

  /// True for the scripts that put a client onto a host; all of them answer `stage`, `evidence` and
  /// `version` (docs/scripts.md).
  package var installs: Bool { rawValue.hasPrefix("install-") }
}

/// Names a secret that an effect produces and a later effect uses; never the secret itself.
package enum SecretSlot: String, Sendable, Hashable {
  case preAuthKey
  /// Waits on a host for the person who finishes its join (`HandOver`).
  case waitingKey
}

/// What a script run gave back, redacted and bounded by whoever ran it.
package struct RemoteAnswer: Sendable, Equatable {
  /// The script's own exit status; 255 from ssh itself never arrives here (it is a thrown `Failure`).
  package var exitStatus: Int32
  package var report: ScriptReport
  /// Standard error, at most 64 KiB.
  package var errorText: String

  package init(exitStatus: Int32, report: ScriptReport, errorText: String = "") {
    self.exitStatus = exitStatus
    self.report = report
    self.errorText = errorText
  }
}
