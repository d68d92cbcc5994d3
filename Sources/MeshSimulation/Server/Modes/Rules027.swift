package import MeshCore

/// Headscale 0.27.1.
package struct Rules027: ModeRules {
  package let version = "0.27.1"
  package let commit = "f658a8eacd4d86edfec7424a22f33edd2d43be9c"
  package let buildTime = "2025-11-11T19:32:29Z"
  package let goVersion = "go1.25.1"
  package let keyForm = KeyForm.plain
  package let naming: any NodeNaming = ValidatedNames()
  package let sendsSecurityHeaders = false
  package let tagsAreIdentity = false
  package let listsKeysByUser = true
  package let keepsCreatorOfTaggedNodes = true
  package let unsetExpiry: Timestamp? = .goZero
  package let supportsDisableExpiry = false
  package let savesExpiry = false
  package let reusesAddresses = false
  package let supportsPolicyCheck = false
  package let duplicateUser = SimulatedServerError.internal(
    "failed to create user: creating user: constraint failed: UNIQUE constraint failed: "
      + "users.name (2067)")
  package let tagSpaceMessage = "tag should not contains space"
  package let nameTakenMessage = "name is not unique"
  package let missingNodeMessage: String? = "node not found in NodeStore"
  package let badRegistrationIDMessage = "registration ID must be 24 characters long"

  package init() {}

  package func registrationTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget {
    userTarget(among: nodes, for: key)
  }
}
