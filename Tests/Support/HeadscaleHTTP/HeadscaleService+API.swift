import MeshCore
import MeshSimulation

/// A request below `/api/v1`, cut into path parts.
struct APICall {
  var request: APIRequest
  var parts: [String]

  /// A path part that has to be an id.
  func id(_ index: Int, _ parameter: String) throws(SimulatedServerError) -> Int {
    guard let id = UInt64(parts[index]), id <= UInt64(Int.max) else {
      throw .invalidArgument(
        "type mismatch, parameter: \(parameter), error: strconv.ParseUint: parsing "
          + "\"\(parts[index])\": invalid syntax")
    }
    return Int(id)
  }

  func body() throws(SimulatedServerError) -> APIBody { try APIBody(request.body) }
}

extension HeadscaleService {
  func answer(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    switch call.parts.first {
    case "node": try nodes(call)
    case "user": try users(call)
    case "preauthkey": try preAuthKeys(call)
    case "apikey": try apiKeys(call)
    case "policy": try policy(call)
    case "auth": try auth(call)
    case "health" where call.parts.count == 1:
      try only("GET", call) { .success(["databaseConnectivity": true]) }
    default: throw .notFound("Not Found")
    }
  }

  /// The gateway answers a known path with another method by 501.
  private func only(
    _ method: String, _ call: APICall, _ body: () throws(SimulatedServerError) -> APIResponse
  ) throws(SimulatedServerError) -> APIResponse {
    guard call.request.method == method else { throw .unimplemented("Method Not Allowed") }
    return try body()
  }

  // MARK: Nodes

  private func nodes(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    let parts = call.parts
    switch parts.count {
    case 1:
      return try only("GET", call) { () throws(SimulatedServerError) in
        guard let user = call.request.parameter("user") else { return try nodeList() }
        let views = try server.listNodes(user: user, now: now)
        return .success(["nodes": .array(views.map(WireJSON.node))])
      }
    case 2 where parts[1] == "register" && call.request.method == "POST":
      throw .unknown(registrationProblem(call.request.parameter("key") ?? ""))
    case 2 where parts[1] == "backfillips" && call.request.method == "POST":
      guard call.request.parameter("confirmed") == "true" else {
        throw .unknown("not confirmed, aborting")
      }
      return .success(["changes": []])
    case 2: return try node(call)
    case 3: return try changeNode(call)
    case 4 where parts[2] == "rename":
      return try only("POST", call) { () throws(SimulatedServerError) in
        let id = try call.id(1, "node_id")
        return node(try server.rename(node: id, to: parts[3], now: now))
      }
    default: throw .notFound("Not Found")
    }
  }

  private func node(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    switch call.request.method {
    case "GET": return node(try server.node(try call.id(1, "node_id"), now: now))
    case "DELETE":
      try server.delete(node: try call.id(1, "node_id"))
      return .success([:])
    default: throw .unimplemented("Method Not Allowed")
    }
  }

  private func changeNode(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    let verb = call.parts[2]
    guard ["tags", "approve_routes", "expire"].contains(verb) else {
      throw .notFound("Not Found")
    }
    return try only("POST", call) { () throws(SimulatedServerError) in
      let id = try call.id(1, "node_id")
      switch verb {
      case "tags":
        let tags = try call.body().strings("tags")
        return node(try server.setTags(node: id, tags: tags, now: now))
      case "approve_routes":
        let routes = try call.body().strings("routes")
        return node(try server.approveRoutes(node: id, routes: routes, now: now))
      default:
        // Read from the query; a body is thrown away.
        let expiry = try call.request.parameter("expiry").map {
          (text) throws(SimulatedServerError) -> Timestamp in
          guard let time = Timestamp(rfc3339: text) else {
            throw .invalidArgument("parsing field \"expiry\": invalid timestamp \"\(text)\"")
          }
          return time
        }
        let disable = call.request.parameter("disableExpiry", "disable_expiry") == "true"
        return node(try server.expire(node: id, at: expiry, disable: disable, now: now))
      }
    }
  }

  private func node(_ view: NodeView) -> APIResponse { .success(["node": WireJSON.node(view)]) }

  private func registrationProblem(_ key: String) -> String {
    let isWellFormed =
      server.rules.supportsPolicyCheck
      ? key.hasPrefix("hskey-authreq-") : key.count == 24
    return isWellFormed
      ? "node not found in registration cache" : server.rules.badRegistrationIDMessage
  }

  /// `auth/register`, `auth/approve` and `auth/reject`: no login is ever pending here.
  private func auth(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    guard server.rules.supportsPolicyCheck, call.parts.count == 2,
      ["register", "approve", "reject"].contains(call.parts[1])
    else { throw .notFound("Not Found") }
    return try only("POST", call) { () throws(SimulatedServerError) in
      throw .unknown(registrationProblem(try call.body().string("authId", "auth_id")))
    }
  }
}

// MARK: Users

extension HeadscaleService {
  private func users(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    let parts = call.parts
    switch (call.request.method, parts.count) {
    case ("GET", 1):
      let found = server.listUsers(try userFilter(call))
      return .success(["users": .array(found.map { WireJSON.user($0) })])
    case ("POST", 1):
      let body = try call.body()
      let user = try server.createUser(
        name: try body.string("name"), displayName: try body.string("displayName", "display_name"),
        email: try body.string("email"), pictureURL: try body.string("pictureUrl", "picture_url"),
        now: now)
      return .success(["user": WireJSON.user(user)])
    case ("DELETE", 2):
      try server.deleteUser(try call.id(1, "id"))
      return .success([:])
    case ("POST", 4) where parts[2] == "rename":
      let user = try server.renameUser(try call.id(1, "old_id"), to: parts[3])
      return .success(["user": WireJSON.user(user)])
    case (_, 1), (_, 2): throw .unimplemented("Method Not Allowed")
    case (_, 4) where parts[2] == "rename": throw .unimplemented("Method Not Allowed")
    default: throw .notFound("Not Found")
    }
  }

  private func userFilter(
    _ call: APICall
  ) throws(SimulatedServerError) -> SimulatedHeadscale.UserFilter {
    if let name = call.request.parameter("name") { return .name(name) }
    if let email = call.request.parameter("email") { return .email(email) }
    guard let text = call.request.parameter("id") else { return .all }
    guard let id = Int(text) else {
      throw .invalidArgument(
        "parsing field \"id\": strconv.ParseUint: parsing \"\(text)\": invalid syntax")
    }
    return .id(id)
  }
}

// MARK: Keys and policy

extension HeadscaleService {
  private func preAuthKeys(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    switch (call.request.method, call.parts.dropFirst().first) {
    case ("GET", nil):
      return .success([
        "preAuthKeys": .array(server.listPreAuthKeys().map { WireJSON.preAuthKey($0) })
      ])
    case ("POST", nil):
      let body = try call.body()
      var order = SimulatedHeadscale.KeyOrder(
        userID: try body.number("user"), expiration: try body.time("expiration"),
        tags: try body.strings("aclTags", "acl_tags"))
      order.reusable = try body.bool("reusable")
      order.ephemeral = try body.bool("ephemeral")
      let view = try server.createPreAuthKey(order, now: now)
      return .success(["preAuthKey": WireJSON.preAuthKey(view)])
    case ("DELETE", nil):
      if let id = call.request.parameter("id").flatMap(Int.init) { server.deletePreAuthKey(id) }
      return .success([:])
    case ("POST", "expire"):
      if let id = try call.body().number("id") { server.expirePreAuthKey(id, now: now) }
      return .success([:])
    case (_, nil), (_, "expire"): throw .unimplemented("Method Not Allowed")
    default: throw .notFound("Not Found")
    }
  }

  private func apiKeys(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    switch (call.request.method, call.parts.dropFirst().first) {
    case ("GET", nil):
      return .success(["apiKeys": .array(server.apiKeys.map(WireJSON.apiKey))])
    case ("POST", nil):
      let expiration = try call.body().time("expiration")
      return .success(["apiKey": .string(server.createAPIKey(expiration: expiration, now: now))])
    case ("POST", "expire"):
      let body = try call.body()
      let prefix = try body.string("prefix")
      try server.expireAPIKey(
        prefix: prefix.isEmpty ? nil : prefix, id: try body.number("id"), now: now)
      return .success([:])
    case ("DELETE", let prefix?):
      try server.deleteAPIKey(prefix: prefix)
      return .success([:])
    case (_, nil), (_, "expire"): throw .unimplemented("Method Not Allowed")
    default: throw .notFound("Not Found")
    }
  }

  private func policy(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    switch (call.request.method, call.parts.dropFirst().first) {
    case ("GET", nil): return .success(WireJSON.policy(try server.storedPolicy()))
    case ("PUT", nil):
      let text = try call.body().string("policy")
      return .success(WireJSON.policy(try server.setPolicy(text, now: now)))
    case ("POST", "check") where server.rules.supportsPolicyCheck:
      try server.checkPolicy(try call.body().string("policy"))
      return .success([:])
    case (_, nil): throw .unimplemented("Method Not Allowed")
    default: throw .notFound("Not Found")
    }
  }
}
