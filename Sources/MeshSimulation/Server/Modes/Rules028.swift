package import MeshCore

/// Headscale 0.28.0.
package struct Rules028: ModeRules {
  package let version = "0.28.0"
  package let commit = "97fa117c48a58bee3941e5e8b4393873501afe14"
  package let buildTime = "2026-02-04T20:26:22Z"
  package let goVersion = "go1.25.5"
  package let naming: any NodeNaming = ValidatedNames()
  package let sendsSecurityHeaders = false
  package let keepsCreatorOfTaggedNodes = true
  package let unsetExpiry: Timestamp? = .goZero
  package let supportsDisableExpiry = false
  package let savesExpiry = false
  package let supportsPolicyCheck = false
  package let userDeletionDropsAllKeys = true
  package let duplicateUser = SimulatedServerError.internal(
    "failed to create user: creating user: constraint failed: UNIQUE constraint failed: "
      + "users.name (2067)")
  package let tagSpaceMessage = "tag should not contains space"
  package let unknownKeyMessage = "handling register with auth key: auth-key not found"
  package let badRegistrationIDMessage = "registration ID must be 24 characters long"

  package init() {}

  /// User-less keys always make a new node.
  package func registrationTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget {
    userTarget(among: nodes, for: key)
  }
}
