import MeshCore

/// One compiled step with its arguments on one line, for `steps.txt`.
enum StepLine {
  static func of(_ step: Step) -> String {
    switch step {
    case .enableSSH(let step): "enable-ssh " + way(step.way)
    case .elevate: "elevate"
    case .checkServer(let url): "check-server \(url.normalized)"
    case .installClient(let plan):
      "install-client \(InstallPlan.text(of: plan.version)), \(plan.words)"
    case .upgradeClient(let plan, let waits):
      "upgrade-client \(InstallPlan.text(of: plan.version)), \(plan.words)"
        + (waits ? " wait" : "")
    case .configureHost(let forwarding, let logsOff):
      "configure-host forward=" + forwarding.map(\.rawValue).sorted().joined()
        + (logsOff ? " logs=off" : "")
    case .startService(let step):
      "start-service" + (step.resumes ? " resume" : "") + (step.waits ? " wait" : "")
        + (step.waits && step.lasting > 0 ? " lasting \(step.lasting)" : "")
    case .join(let step):
      (step.deletesFirst.map { "delete-node #\($0) and " } ?? "")
        + "join \(owner(step.key)) " + step.arguments.joined(separator: " ")
    case .setPreferences(let arguments): "set-preferences " + arguments.joined(separator: " ")
    case .setTags(let id, let tags): "set-tags #\(id) " + tags.joined(separator: ",")
    case .approveRoutes(let id, let routes):
      "approve-routes #\(id) " + (routes.isEmpty ? "none" : routes.joined(separator: ","))
    case .renameNode(let id, let name): "rename-node #\(id) \(name)"
    case .setExpiry(let id): "set-expiry #\(id) never"
    case .leave: "leave"
    case .takeBack(let expiration):
      "take-back" + (expiration.map { " of the key until \($0.rfc3339)" } ?? "")
    case .deleteNode(let id): "delete-node #\(id)"
    }
  }

  private static func way(_ way: EnableSSHStep.Way) -> String {
    switch way {
    case .command(let words): "by " + words.joined(separator: " ")
    case .files(let folder): "by files in \(folder)"
    }
  }

  private static func owner(_ key: KeyRequest) -> String {
    switch key.owner {
    case .user(let name): "as \(name)"
    case .tags(let tags, let owner):
      "as " + tags.joined(separator: ",") + (owner.map { " (key of \($0))" } ?? "")
    }
  }
}
