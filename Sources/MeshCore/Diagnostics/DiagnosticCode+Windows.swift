/// Findings that only Windows hosts give.
extension DiagnosticCode {
  /// The login finds no PowerShell, or does not take a command of ours.
  package static let sshNoPowerShell = DiagnosticCode(rawValue: "MESH-SSH-NO-POWERSHELL")
  /// A policy or an antivirus program keeps scripts from running.
  package static let targetLocked = DiagnosticCode(rawValue: "MESH-TARGET-LOCKED")
  /// Another VPN holds the default route, so the LAN may be out of reach.
  package static let targetOtherVPN = DiagnosticCode(rawValue: "MESH-TARGET-OTHER-VPN")
  /// Windows wants a restart before it goes on.
  package static let targetReboot = DiagnosticCode(rawValue: "MESH-TARGET-REBOOT")
  /// The vendor's installer was not to be had, so winget installed the client.
  package static let installByWinget = DiagnosticCode(rawValue: "MESH-INSTALL-BY-WINGET")
  /// winget's source cannot be used.
  package static let installSource = DiagnosticCode(rawValue: "MESH-INSTALL-SOURCE")
  /// What was downloaded is not what it should be.
  package static let installSignature = DiagnosticCode(rawValue: "MESH-INSTALL-SIGNATURE")
  /// A policy on the host names another login server than the inventory.
  package static let clientPolicy = DiagnosticCode(rawValue: "MESH-CLIENT-POLICY")
  /// Another user's session holds the client.
  package static let clientOtherUser = DiagnosticCode(rawValue: "MESH-CLIENT-OTHER-USER")
  /// The client runs unattended for another user, who alone may change it.
  package static let clientServerMode = DiagnosticCode(rawValue: "MESH-CLIENT-SERVER-MODE")
  /// What an earlier run left for a person on the host cannot be read, or is not believed.
  package static let joinNote = DiagnosticCode(rawValue: "MESH-JOIN-NOTE")
}
