import MeshCore

/// winget of a simulated Windows machine (reference tailscale-client.md §1.4).
package struct SimulatedWinget {
  /// The certificate of its msstore source is not the expected one (winget-cli issues 2879, 3444).
  package var storeCertificateFails: Bool

  package init(storeCertificateFails: Bool = false) {
    self.storeCertificateFails = storeCertificateFails
  }

  /// What `winget` ends with and says.
  ///
  /// Without `--source` it searches every source that it has, and one that fails ends the search.
  package func run(_ arguments: [String]) -> (exit: Int, text: String) {
    let source = value(of: "--source", in: arguments)
    if storeCertificateFails, source == nil || source == "msstore" {
      return (
        -1_978_335_138,
        """
        Failed when searching source: msstore
        An unexpected error occurred while executing the command:
        0x8a15005e : The server certificate did not match any of the expected values.
        """
      )
    }
    let isKnown =
      arguments.first == "install" && value(of: "--id", in: arguments) == "Tailscale.Tailscale"
      && source != "msstore"
    guard isKnown else {
      return (-1_978_335_212, "No package found matching input criteria.")
    }
    for flag in ["--accept-source-agreements", "--accept-package-agreements"]
    where !arguments.contains(flag) {
      return (-1_978_335_162, "Agreements for the package were not accepted.")
    }
    return (0, "Successfully installed")
  }

  private func value(of option: String, in arguments: [String]) -> String? {
    guard let index = arguments.firstIndex(of: option), index + 1 < arguments.count else {
      return nil
    }
    return arguments[index + 1]
  }
}

extension SimulatedHost {
  /// How the ladder of `install-windows.ps1` ends: its stage (empty: installed) and its words.
  func installer(_ parameters: [String: String], version: String) -> (stage: String, words: String)
  {
    guard desktop.packageUnreachable else { return ("", "msiexec: exit 0") }
    let mirror = parameters["MIRROR"] ?? ""
    let name = ["present", "latest"].contains(version) ? "latest" : version
    let machine = parameters["ARCH"] ?? ""
    let site = mirror.split(separator: "/").dropFirst().first ?? ""
    var words = [
      "\(mirror)/tailscale-setup-\(name)-\(machine).msi: "
        + "curl: (6) Could not resolve host: \(site)"
    ]
    guard parameters["WINGET"] == "yes" else { return ("download", words[0]) }
    let winget = SimulatedWinget(storeCertificateFails: desktop.storeCertificateFails)
    let (exit, text) = winget.run(WingetCall.arguments)
    words += [text, "winget: exit \(exit)"]
    return (exit == 0 ? "" : "download", words.joined(separator: "\n"))
  }
}
