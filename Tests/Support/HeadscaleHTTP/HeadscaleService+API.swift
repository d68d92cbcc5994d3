import MeshCore
import MeshSimulation

/// A request below `/api/v1`, cut into path parts.
struct APICall {
  var request: APIRequest
  var parts: [String]
  var generation: APIGeneration

  /// A path part that has to be an id; `problem` is what 0.30 says where it says it otherwise.
  func id(
    _ index: Int, _ parameter: String, problem: String? = nil
  ) throws(SimulatedServerError) -> Int {
    let text = parts[index]
    if generation == .problems, let problem { return try IDText.number(text, orProblem: problem) }
    guard let id = UInt64(text), id <= UInt64(Int.max) else {
      let words = IDText.parsingProblem(text)
      throw .invalidArgument("type mismatch, parameter: \(parameter), error: \(words)")
    }
    return Int(id)
  }

  func body() throws(SimulatedServerError) -> APIBody { try APIBody(request.body, generation) }
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
    case "health" where call.parts.count == 1 && server.rules.hasAPIHealth:
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
        return .success(["nodes": .array(views.map { wire.node($0) })])
      }
    case 2 where parts[1] == "register" && call.request.method == "POST":
      throw registrationProblem(call)
    case 2 where parts[1] == "backfillips" && call.request.method == "POST":
      guard call.request.parameter("confirmed") == "true" else {
        throw server.refusal(
          .unknown("not confirmed, aborting"), problem: 400, "backfilling node IPs",
          "not confirmed, aborting")
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
        let (expiry, disable) = try expiryWish(call)
        return node(try server.expire(node: id, at: expiry, disable: disable, now: now))
      }
    }
  }

  /// Up to 0.29 the query says when, and a body is thrown away; from 0.30 on it is the other way round.
  private func expiryWish(
    _ call: APICall
  ) throws(SimulatedServerError) -> (expiry: Timestamp?, disable: Bool) {
    guard call.generation == .gateway else {
      let body = try call.body()
      return (try body.time("expiry"), try body.bool("disableExpiry"))
    }
    let disable = call.request.parameter("disableExpiry", "disable_expiry") == "true"
    guard server.rules.supportsExpiryInstant, let text = call.request.parameter("expiry") else {
      return (nil, disable)
    }
    guard let time = Timestamp(rfc3339: text) else {
      throw .invalidArgument("parsing field \"expiry\": invalid timestamp \"\(text)\"")
    }
    return (time, disable)
  }

  private func node(_ view: NodeView) -> APIResponse { .success(["node": wire.node(view)]) }

  /// The refusal of `node/register`: no login is ever pending here.
  private func registrationProblem(_ call: APICall) -> SimulatedServerError {
    let key = call.request.parameter("key") ?? ""
    let isWellFormed =
      server.rules.supportsPolicyCheck
      ? key.hasPrefix("hskey-authreq-") : key.count == 24
    return registrationRefusal(
      isWellFormed: isWellFormed, user: call.request.parameter("user") ?? "")
  }

  private func registrationRefusal(isWellFormed: Bool, user: String) -> SimulatedServerError {
    let purpose = "registering node"
    guard isWellFormed else {
      let problem = server.rules.badRegistrationIDMessage
      return server.refusal(.unknown(problem), problem: 400, purpose, problem)
    }
    guard server.users.contains(where: { $0.name == user }) else {
      return server.noUser(to: "looking up user")
    }
    let problem = "node not found in registration cache"
    return server.refusal(.unknown(problem), problem: 404, purpose, problem)
  }

  /// `auth/register`, `auth/approve` and `auth/reject`.
  private func auth(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    guard server.rules.supportsPolicyCheck, call.parts.count == 2,
      ["register", "approve", "reject"].contains(call.parts[1])
    else { throw .notFound("Not Found") }
    return try only("POST", call) { () throws(SimulatedServerError) in
      let body = try call.body()
      let id = try body.string("authId", "auth_id")
      let isWellFormed = id.hasPrefix("hskey-authreq-")
      if call.parts[1] == "register" || call.generation == .gateway {
        throw registrationRefusal(isWellFormed: isWellFormed, user: try body.string("user"))
      }
      throw isWellFormed
        ? .problem(404, "no pending auth session for auth_id \(id)")
        : .problem(400, "invalid auth_id", server.rules.badRegistrationIDMessage)
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
      return .success(["users": .array(found.map { wire.user($0) })])
    case ("POST", 1):
      let body = try call.body()
      let user = try server.createUser(
        name: try body.string("name"), displayName: try body.string("displayName", "display_name"),
        email: try body.string("email"), pictureURL: try body.string("pictureUrl", "picture_url"),
        now: now)
      return .success(["user": wire.user(user)])
    case ("DELETE", 2):
      try server.deleteUser(try call.id(1, "id", problem: "invalid user id"))
      return .success([:])
    case ("POST", 4) where parts[2] == "rename":
      let user = try server.renameUser(
        try call.id(1, "old_id", problem: "invalid user id"), to: parts[3])
      return .success(["user": wire.user(user)])
    case (_, 1), (_, 2): throw .unimplemented("Method Not Allowed")
    case (_, 4) where parts[2] == "rename": throw .unimplemented("Method Not Allowed")
    default: throw .notFound("Not Found")
    }
  }

  private func userFilter(
    _ call: APICall
  ) throws(SimulatedServerError) -> SimulatedHeadscale.UserFilter {
    let text = call.request.parameter("id")
    var id: Int?
    if let text {
      if call.generation == .problems {
        id = try IDText.number(text, orProblem: "invalid id")
      } else {
        id = Int(text)
      }
    }
    if let name = call.request.parameter("name") { return .name(name) }
    if let email = call.request.parameter("email") { return .email(email) }
    guard let text else { return .all }
    guard let id else {
      throw .invalidArgument("parsing field \"id\": \(IDText.parsingProblem(text))")
    }
    return .id(id)
  }
}

// MARK: Keys and policy

extension HeadscaleService {
  private func preAuthKeys(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    switch (call.request.method, call.parts.dropFirst().first) {
    case ("GET", nil):
      let keys =
        server.rules.listsKeysByUser
        ? try server.listPreAuthKeys(user: call.request.parameter("user").flatMap { Int($0) })
        : server.listPreAuthKeys()
      return .success(["preAuthKeys": .array(keys.map { wire.preAuthKey($0) })])
    case ("POST", nil):
      let body = try call.body()
      var order = SimulatedHeadscale.KeyOrder(
        userID: try body.number("user", calling: "user id"),
        expiration: try body.time("expiration"), tags: try body.strings("aclTags", "acl_tags"))
      order.reusable = try body.bool("reusable")
      order.ephemeral = try body.bool("ephemeral")
      let view = try server.createPreAuthKey(order, now: now)
      return .success(["preAuthKey": wire.preAuthKey(view)])
    case ("DELETE", nil) where !server.rules.listsKeysByUser:
      let text = call.request.parameter("id")
      var id = text.flatMap { Int($0) }
      if call.generation == .problems, let text {
        id = try IDText.number(text, orProblem: "invalid pre-auth key id")
      }
      try server.requirePreAuthKey(id, to: "deleting pre-auth key")
      if let id { server.deletePreAuthKey(id) }
      return .success([:])
    case ("POST", "expire"):
      if let id = try keyToExpire(call) { server.expirePreAuthKey(id, now: now) }
      return .success([:])
    case (_, nil), (_, "expire"): throw .unimplemented("Method Not Allowed")
    default: throw .notFound("Not Found")
    }
  }

  private func keyToExpire(_ call: APICall) throws(SimulatedServerError) -> Int? {
    let body = try call.body()
    if server.rules.listsKeysByUser {
      return try server.preAuthKeyID(
        text: try body.string("key"), user: try body.number("user", calling: "user id"))
    }
    let id = try body.number("id", calling: "pre-auth key id")
    try server.requirePreAuthKey(id, to: "expiring pre-auth key")
    return id
  }

  private func apiKeys(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    switch (call.request.method, call.parts.dropFirst().first) {
    case ("GET", nil):
      return .success(["apiKeys": .array(server.apiKeys.map { wire.apiKey($0) })])
    case ("POST", nil):
      let expiration = try call.body().time("expiration")
      return .success(["apiKey": .string(server.createAPIKey(expiration: expiration, now: now))])
    case ("POST", "expire"):
      let body = try call.body()
      let prefix = try body.string("prefix")
      try server.expireAPIKey(
        prefix: prefix.isEmpty ? nil : prefix, id: try body.number("id", calling: "api key id"),
        now: now)
      return .success([:])
    case ("DELETE", let prefix?):
      var id: Int?
      if call.generation == .problems, let text = call.request.parameter("id") {
        id = try IDText.number(text, orProblem: "invalid api key id")
      }
      try server.deleteAPIKey(prefix: prefix, id: id)
      return .success([:])
    case (_, nil), (_, "expire"): throw .unimplemented("Method Not Allowed")
    default: throw .notFound("Not Found")
    }
  }

  private func policy(_ call: APICall) throws(SimulatedServerError) -> APIResponse {
    switch (call.request.method, call.parts.dropFirst().first) {
    case ("GET", nil): return .success(wire.policy(try server.storedPolicy()))
    case ("PUT", nil):
      let text = try call.body().string("policy")
      return .success(wire.policy(try server.setPolicy(text, now: now)))
    case ("POST", "check") where server.rules.supportsPolicyCheck:
      try server.checkPolicy(try call.body().string("policy"))
      return .success([:])
    case (_, nil): throw .unimplemented("Method Not Allowed")
    default: throw .notFound("Not Found")
    }
  }
}
