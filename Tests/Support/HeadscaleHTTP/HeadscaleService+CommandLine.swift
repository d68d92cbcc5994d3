import MeshCore
import MeshSimulation

/// The command line `headscale`, run inside of the server that it would talk to.
extension HeadscaleService {
  /// Runs one command line.
  ///
  /// Where the real program makes a table without `-o`, this one prints JSON.
  ///
  /// - Parameter arguments: What stands behind `headscale`.
  /// - Returns: Exit status and what was printed.
  package func commandLine(_ arguments: [String]) -> CommandLineAnswer {
    var run: CommandRun
    do throws(CommandRun.Misuse) {
      run = try CommandRun(arguments, server.rules)
    } catch {
      return error.answer
    }
    touched()
    do throws(SimulatedServerError) {
      return try perform(&run)
    } catch {
      return run.refused(error)
    }
  }

  /// The way in of the stand-in program, on the unix socket.
  func commandLine(_ request: APIRequest) throws(SimulatedServerError) -> APIResponse {
    let arguments = try APIBody(request.body).strings("arguments")
    return .json(commandLine(arguments).json)
  }

  private func perform(_ run: inout CommandRun) throws(SimulatedServerError) -> CommandLineAnswer {
    switch run.command.verb {
    case .listNodes, .renameNode, .tagNode, .approveRoutes, .expireNode, .deleteNode:
      try nodes(&run)
    case .listUsers, .createUser: try users(&run)
    case .createKey, .listKeys, .expireKey, .deleteKey: try keys(&run)
    case .createAPIKey:
      switch run.end(default: "90d", from: now) {
      case .misused(let answer): answer
      case .time(let end):
        run.result(.string(server.createAPIKey(expiration: end, now: now)))
      }
    case .listAPIKeys: run.list(server.apiKeys.map { run.json.apiKey($0) })
    case .policy: CommandLineAnswer(output: try server.storedPolicy().text + "\n")
    case .health: run.result(run.json.health, "")
    case .version: LocalCommandLine.version(server.mode, format: run.format)
    }
  }

  // MARK: Nodes

  private func nodes(_ run: inout CommandRun) throws(SimulatedServerError) -> CommandLineAnswer {
    let id = run.flags.number("identifier")
    switch run.command.verb {
    case .listNodes:
      let views = try server.listNodes(user: run.flags["user"], now: now)
      return run.list(views.map { run.json.node($0) })
    case .renameNode:
      let name = run.flags.takeWord() ?? ""
      return run.result(
        run.json.node(try server.rename(node: id, to: name, now: now)), "Node renamed")
    case .tagNode:
      let view = try server.setTags(node: id, tags: run.flags.list("tags"), now: now)
      return run.result(run.json.node(view), "Node updated")
    case .approveRoutes:
      // Without -r the list is empty, and clears (#3085).
      let view = try server.approveRoutes(node: id, routes: run.flags.list("routes"), now: now)
      return run.result(run.json.node(view), "Node updated")
    case .expireNode: return try expire(id, &run)
    default:
      _ = try server.node(id, now: now)
      // Without --force it asks, and nobody answers.
      guard run.flags.isOn("force") else {
        return run.result(["Result": "Node not deleted"], "Node not deleted")
      }
      run.purpose = "deleting node"
      try server.delete(node: id)
      return run.result(["Result": "Node deleted"], "Node deleted")
    }
  }

  private func expire(
    _ id: Int, _ run: inout CommandRun
  ) throws(SimulatedServerError) -> CommandLineAnswer {
    if run.flags.isOn("disable") {
      run.purpose = "disabling node expiry"
      let view = try server.expire(node: id, disable: true, now: now)
      return run.result(run.json.node(view), "Node expiry disabled")
    }
    var end: Timestamp?
    if let text = run.flags["expiry"], !text.isEmpty {
      guard let time = Timestamp(rfc3339: text) else {
        return run.misused(
          "parsing expiry time: parsing time \"\(text)\" as \"2006-01-02T15:04:05Z07:00\": "
            + "cannot parse \"\(text)\" as \"2006\"")
      }
      end = time
    }
    let view = try server.expire(node: id, at: end, now: now)
    return run.result(
      run.json.node(view),
      end.map { $0 > now } ?? false ? "Node expiration updated" : "Node expired")
  }

  // MARK: Users

  private func users(_ run: inout CommandRun) throws(SimulatedServerError) -> CommandLineAnswer {
    if run.command.verb == .listUsers {
      var filter = SimulatedHeadscale.UserFilter.all
      if let email = run.flags["email"], !email.isEmpty { filter = .email(email) }
      if let name = run.flags["name"], !name.isEmpty { filter = .name(name) }
      if run.flags.number("identifier") > 0 { filter = .id(run.flags.number("identifier")) }
      return run.list(server.listUsers(filter).map { run.json.user($0) })
    }
    guard let name = run.flags.takeWord() else { return run.misused("missing parameters") }
    let user = try server.createUser(
      name: name, displayName: run.flags["display-name"] ?? "", email: run.flags["email"] ?? "",
      pictureURL: run.flags["picture-url"] ?? "", now: now)
    return run.result(run.json.user(user), "User created")
  }

  // MARK: Keys

  private func keys(_ run: inout CommandRun) throws(SimulatedServerError) -> CommandLineAnswer {
    let user = run.flags.number("user")
    switch run.command.verb {
    case .createKey:
      let end: Timestamp
      switch run.end(default: "1h", from: now) {
      case .misused(let answer): return answer
      case .time(let time): end = time
      }
      var order = SimulatedHeadscale.KeyOrder(
        userID: user == 0 ? nil : user, expiration: end, tags: run.flags.list("tags"))
      order.reusable = run.flags.isOn("reusable")
      order.ephemeral = run.flags.isOn("ephemeral")
      let view = try server.createPreAuthKey(order, now: now)
      return run.result(run.json.key(view), view.text)
    case .listKeys:
      let keys =
        server.rules.listsKeysByUser
        ? try server.listPreAuthKeys(user: user) : server.listPreAuthKeys()
      return run.list(keys.map { run.json.key($0) })
    case .expireKey where server.rules.listsKeysByUser:
      guard let text = run.flags.takeWord() else { return run.misused("missing parameters") }
      server.expirePreAuthKey(try server.preAuthKeyID(text: text, user: user), now: now)
      return run.result([:], "Key expired")
    default:
      let id = run.flags.number("id")
      guard id != 0 else {
        return run.misused(
          server.mode == .v0_28
            ? "missing parameters" : "missing --id parameter: missing parameters")
      }
      let expires = run.command.verb == .expireKey
      try server.requirePreAuthKey(
        id, to: expires ? "expiring pre-auth key" : "deleting pre-auth key")
      if expires { server.expirePreAuthKey(id, now: now) } else { server.deletePreAuthKey(id) }
      return run.result([:], expires ? "Key expired" : "Key deleted")
    }
  }
}
