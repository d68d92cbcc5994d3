import MeshCore
import MeshSimulation

/// What the command-line verbs of the stand-in ask the running server, on its unix socket only.
extension HeadscaleService {
  func commandLine(_ verb: String, _ body: APIBody) throws(SimulatedServerError) -> APIResponse {
    switch verb {
    case "nodes": return .json(CommandLineJSON.nodes(try server.listNodes(now: now)))
    case "users-create":
      let user = try server.createUser(
        name: try body.string("name"), displayName: try body.string("displayName"),
        email: try body.string("email"), now: now)
      return .json(CommandLineJSON.user(user))
    case "apikeys-create":
      let seconds = try body.number("seconds") ?? 90 * 86_400
      let key = server.createAPIKey(expiration: now.adding(seconds: Int64(seconds)), now: now)
      return .json(.string(key))
    default: return .notFoundPage
    }
  }
}
