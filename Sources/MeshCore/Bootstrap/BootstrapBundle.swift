/// The files that enable SSH on a machine, as a folder to carry there.
package enum BootstrapBundle {
  package struct File: Sendable, Equatable {
    package var name: String
    package var text: String
    package var isExecutable = false
    /// True for the one file that is added to and never replaced.
    package var isKeys = false
  }

  /// The files of one request; none of them has a byte order mark.
  ///
  /// Without keys there is no authorized_keys, and the scripts say so when they run.
  package static func files(_ request: BootstrapRequest) -> [File] {
    var files: [File]
    switch request.os {
    case .linux:
      files = [posix("enable-ssh.sh", BootstrapText.linux, request)]
    case .macos:
      files = [posix("enable-ssh-macos.sh", BootstrapText.macos, request)]
    case .windows:
      files = [
        File(name: "enable-ssh.ps1", text: carriageReturns(BootstrapText.windowsServer)),
        File(name: "setup-ssh-key.ps1", text: carriageReturns(BootstrapText.windowsKeys)),
        File(name: "install.bat", text: carriageReturns(batch(request))),
        File(name: "autounattend-fragment.xml", text: carriageReturns(BootstrapText.answerFile)),
      ]
    }
    if !request.keys.isEmpty {
      files.append(File(name: "authorized_keys", text: request.keys.text, isKeys: true))
    }
    return files
  }

  /// What a person runs on the machine, in the folder with these files.
  package static func command(_ request: BootstrapRequest) -> String {
    switch request.os {
    case .linux: "sudo sh enable-ssh.sh"
    case .macos: "sudo sh enable-ssh-macos.sh"
    case .windows:
      "powershell -NoProfile -ExecutionPolicy Bypass -File enable-ssh.ps1"
        + request.serverParameters
    }
  }

  private static func posix(_ name: String, _ script: String, _ request: BootstrapRequest) -> File {
    let options = request.posixOptions(withKeys: false)
    let defaults = options.isEmpty ? "" : "set -- \(options) \"$@\"\n"
    return File(
      name: name, text: "#!/bin/sh\n" + defaults + BootstrapText.prelude + script,
      isExecutable: true)
  }

  /// The script's last line is the call; the options go behind it.
  private static func batch(_ request: BootstrapRequest) -> String {
    var text = BootstrapText.installBatch
    if text.unicodeScalars.last == "\n" { text.unicodeScalars.removeLast() }
    return text + request.serverParameters + "\n"
  }

  private static func carriageReturns(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n")
  }
}
