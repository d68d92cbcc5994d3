import MeshCore

extension SimulatedHost {
  /// The `prepare` script.
  mutating func prepare(_ run: inout ScriptRun) {
    func ended(_ status: Int, _ text: String, _ evidence: String = "") {
      run.answer("prepared", status, text)
      run.answer("evidence", 0, evidence)
    }
    switch run.parameters["PART"] {
    case "key":
      let line = run.parameters["TEXT"] ?? ""
      guard !preparedKeys.contains(line) else { return ended(0, "unchanged") }
      preparedKeys.append(line)
      ended(0, "written")
    case "sudoers":
      guard run.isRoot else { return ended(1, "write", "Permission denied") }
      guard !hasRootRule else { return ended(0, "unchanged") }
      hasRootRule = true
      if privilege == .sudoPassword { privilege = .sudo }
      ended(0, "written")
    case "operator":
      prepareOperator(&run)
    case let part:
      ended(1, "part", "\(part ?? "none") is not simulated")
    }
  }

  private mutating func prepareOperator(_ run: inout ScriptRun) {
    let login = run.parameters["LOGIN"] ?? ""
    var said = (status: 0, text: "unchanged", evidence: "")
    if let client {
      let now = client.preferences.operatorUser
      if now != login {
        operatorNote = [login, now]
        self.client?.preferences.operatorUser = login
        said.text = "written"
      }
    } else {
      said = (1, "client", "tailscale: not found")
    }
    run.answer("prepared", said.status, said.text)
    run.answer("evidence", 0, said.evidence)
    answerPrefs(&run)
  }

  /// The `prepare-undo` script.
  mutating func prepareUndo(_ run: inout ScriptRun) {
    if run.parameters["PART"] == "key" {
      run.answer("keys", 0, preparedKeys.isEmpty ? "absent" : "removed")
      preparedKeys = []
    } else {
      run.answer("sudoers", 0, hasRootRule ? "removed" : "absent")
      if hasRootRule, privilege == .sudo { privilege = .sudoPassword }
      hasRootRule = false
      run.answer("doas", 0, "absent")
      if run.parameters["PART"] == "root" { undoOperator(&run) }
    }
    run.answer("evidence", 0, "")
  }

  private mutating func undoOperator(_ run: inout ScriptRun) {
    guard let login = operatorNote.first else { return run.answer("operator", 0, "absent") }
    let before = operatorNote.dropFirst().first ?? ""
    operatorNote = []
    if run.parameters["KEEP"] == "yes" {
      run.answer("operator", 0, "kept")
    } else if client?.preferences.operatorUser == login {
      client?.preferences.operatorUser = before
      run.answer("operator", 0, "removed")
    } else {
      run.answer("operator", 0, client == nil ? "absent" : "changed")
    }
  }
}
