import MeshAdapters
import MeshCore
import YAMLReader

/// Makes the text that `import` writes, looks at it, and says what to do next.
struct ImportResult {
  struct Written {
    var text: String
    var findings: [Diagnostic]
    /// Lines for standard error.
    var hints: [String]
  }

  let app: App
  let source: ImportSource
  let ansible: AnsibleInventory?
  let now: Timestamp

  /// A whole inventory.
  func file(name: String) throws -> Written {
    let adoption = Adoption(
      source.observation,
      server: Adoption.Server(
        settings: source.settings, version: source.observation.server.version),
      now: now, ansible: ansible)
    let text = adoption.text
    var findings = AdoptionCheck.findings(text, over: source.observation, now: now)
    findings += guessedServer
    let counts = adoption.counts
    var hints = ["\(Count.of(counts.hosts, "host")) written."]
    if counts.leftOut > 0 || counts.parked > 0 {
      hints.append(
        "\(Count.of(counts.leftOut, "entry", "entries")) left out and "
          + "\(Count.of(counts.parked, "parked node")): see the comments at the end.")
    }
    if !findings.contains(where: { $0.code == .importNotEmpty }) {
      hints.append(
        counts.toJoin == 0
          ? "Looked at: its plan is empty."
          : "Looked at: its plan joins \(Count.of(counts.toJoin, "host")) and changes no other.")
    }
    hints.append("next: meshctl validate \(name) && meshctl plan \(name)")
    return Written(text: text, findings: findings, hints: hints)
  }

  /// What an inventory lacks.
  func snippet(for path: String) throws -> Written {
    let file = try InventoryFile.load(path)
    // It was read and shown once already, for its `server:` section.
    guard let inventory = file.inventory else { throw ExitStatus.error.code }
    do throws(YAMLError) {
      let root = try YAMLReader.read(file.bytes)
      let missing = MissingNodes(
        inventory, root: root, observation: source.observation, now: now, ansible: ansible)
      guard !missing.isEmpty else {
        return Written(text: "", findings: [], hints: ["\(path) has every node: nothing to add."])
      }
      let findings = AdoptionCheck.findings(
        pasted: try missing.pasted(into: root), over: source.observation, now: now, of: missing)
      return Written(
        text: missing.text, findings: findings,
        hints: ["\(Count.of(missing.count, "host")) to paste; \(path) is as it was."])
    } catch {
      throw Failure(.importUnreadable, "\(path): \(error.message)")
    }
  }

  /// An API on this machine is not what other machines join.
  private var guessedServer: [Diagnostic] {
    guard source.isServerGuessed, source.settings.url.isLoopback else { return [] }
    return [
      Diagnostic(
        .importServerURL, .warning,
        "server.url is \(source.settings.url.normalized), which is this machine",
        detail: "The API was read there; hosts that join need a URL that they can reach.",
        hint: "add --server-url https://mesh.example.com")
    ]
  }
}

extension Count {
  /// A number with a noun whose plural has a form of its own.
  static func of(_ number: Int, _ singular: String, _ plural: String) -> String {
    "\(number) \(number == 1 ? singular : plural)"
  }
}
