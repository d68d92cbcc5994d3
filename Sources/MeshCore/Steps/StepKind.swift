/// The steps by the names that plans, events and messages use (design §6).
package enum StepKind: String, Sendable, Hashable, CaseIterable {
  case enableSSH = "enable-ssh"
  case elevate
  case checkServer = "check-server"
  case installClient = "install-client"
  case upgradeClient = "upgrade-client"
  case configureHost = "configure-host"
  case startService = "start-service"
  case join
  case setPreferences = "set-preferences"
  case leave
  case takeBack = "take-back"
  case createUser = "create-user"
  case setTags = "set-tags"
  case approveRoutes = "approve-routes"
  case renameNode = "rename-node"
  case setExpiry = "set-expiry"
  case deleteNode = "delete-node"
  case verify
}
