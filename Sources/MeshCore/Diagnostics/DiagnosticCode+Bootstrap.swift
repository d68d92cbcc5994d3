/// Findings about enabling SSH on a host.
extension DiagnosticCode {
  /// A private key stands where public ones belong.
  package static let bootstrapPrivateKey = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-PRIVATE-KEY")
  /// A line is no public key.
  package static let bootstrapKeyForm = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-KEY-FORM")
  /// There is no public key to let in.
  package static let bootstrapNoKeys = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-NO-KEYS")
  /// A file is there already and says something else.
  package static let bootstrapFileDiffers = DiagnosticCode(
    rawValue: "MESH-BOOTSTRAP-FILE-DIFFERS")
  /// Files would be put among the keys of this machine.
  package static let bootstrapFolder = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-FOLDER")
  /// `bootstrap.command` failed, or could not be started.
  package static let bootstrapCommand = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-COMMAND")
  /// What enables SSH was delivered, and still nothing answers.
  package static let bootstrapNoAnswer = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-NO-ANSWER")
  /// The plan enables SSH on the host first.
  package static let bootstrapNeeded = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-NEEDED")
  /// A person has to enable SSH on the host.
  package static let bootstrapPerson = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-PERSON")
  /// The machine's own setup has to read the files that were put into its folder.
  package static let bootstrapSetup = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-SETUP")
  /// Windows refuses the login while the keys are not where it takes them from.
  package static let bootstrapKeys = DiagnosticCode(rawValue: "MESH-BOOTSTRAP-KEYS")
}
