/// Headscale 0.26.1.
package struct Rules026: ModeRules {
  package let version = "0.26.1"
  package let commit = "474ea236d0c6d393dbcf7baa98da240ad20c1b66"
  package let buildTime = "2025-06-06T09:48:55Z"
  package let goVersion = "go1.24.2"
  package let keyForm = KeyForm.plain
  package let naming: any NodeNaming = StrippedNames()
  package let hasVersionPage = false
  package let hasAPIHealth = false
  package let failsOnUnknownAPIKeys = true
  package let sendsSecurityHeaders = false
  package let tagsAreIdentity = false
  package let listsKeysByUser = true
  package let keepsCreatorOfTaggedNodes = true
  package let supportsExpiryInstant = false
  package let supportsDisableExpiry = false
  package let reusesAddresses = false
  package let supportsPolicyCheck = false
  package let checksUserNames = true
  package let duplicateUser = SimulatedServerError.unknown(
    "creating user: constraint failed: UNIQUE constraint failed: users.name (2067)")
  package let tagSpaceMessage = "tag should not contains space"
  package let nameTakenMessage = "name is not unique"
  package let missingNodeMessage: String? = nil
  package let badRegistrationIDMessage = "registration ID must be 24 characters long"

  package init() {}

  package func registrationTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget {
    userTarget(among: nodes, for: key)
  }
}
