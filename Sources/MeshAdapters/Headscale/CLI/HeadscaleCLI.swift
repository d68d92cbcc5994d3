import MeshCore
import MeshEngine
import Synchronization

/// The `headscale` command as a way in, here or over SSH (reference headscale-api.md §7).
///
/// Needs no API key: whoever may run the command may do everything. Both shapes of its output are
/// read: protobuf's up to 0.29, REST's from 0.30 on.
struct HeadscaleCLI: HeadscaleWay {
  private let runner: any HeadscaleRunner
  let serverURL: String
  let words: CLIWords
  private let known = KnownKeys()

  init(_ runner: any HeadscaleRunner, url: ServerURL) {
    self.runner = runner
    serverURL = url.normalized
    words = CLIWords(command: runner.name)
  }

  func close() async { await runner.close() }

  func apiKey() async throws -> APIKeyState {
    .notNeeded("the headscale command asks for none")
  }

  func now() -> Timestamp { runner.now() }

  // MARK: Reading

  func nodes() async throws -> NodeList {
    let purpose = "list nodes"
    let answer = try await success(of: HeadscaleCommand.nodes, to: purpose, limit: listAnswer)
    let output = CLIOutput(answer.output)
    let nodes = try list([ListedNode].self, in: output, to: purpose).map(\.node)
    if let lack = nodes.lack {
      throw words.badAnswer(lack, to: purpose, excerpt: output.excerpt)
    }
    return NodeList(nodes: nodes.sortedByID(), serverTime: answer.serverTime)
  }

  func users() async throws -> [MeshUser] {
    let purpose = "list users"
    let output = CLIOutput(
      try await success(of: HeadscaleCommand.users, to: purpose, limit: listAnswer).output)
    return try list([ListedUser].self, in: output, to: purpose).compactMap(\.user)
  }

  /// The policy is printed as it is, even with `-o json`.
  func policy() async throws -> PolicyState {
    let purpose = "read the policy"
    let answer = try await run(HeadscaleCommand.policy, to: purpose, limit: smallAnswer)
    if answer.status != 0, PolicyText.isMissing(CLIWords.error(in: answer)) { return .none }
    guard answer.status == 0 else { throw words.problem(answer, to: purpose) }
    return PolicyText.state(of: answer.output)
  }

  func keys() async throws -> [WirePreAuthKey] {
    let purpose = "list pre-auth keys"
    let output = CLIOutput(
      try await success(of: HeadscaleCommand.keys, to: purpose, limit: listAnswer).output)
    return try list([ListedPreAuthKey].self, in: output, to: purpose, isSecret: true).map(\.key)
  }

  // MARK: Writing

  func send(_ change: HeadscaleChange) async throws {
    let arguments = try HeadscaleCommand.arguments(for: change)
    let answer = try await success(of: arguments, to: change.purpose, limit: smallAnswer)
    let output = CLIOutput(answer.output)
    guard output.isJSON else {
      throw words.badAnswer(
        "it is not JSON", to: change.purpose, excerpt: answer.output)
    }
  }

  /// Makes the key; what is printed holds it, so nothing of that is ever quoted.
  func mint(_ wish: KeyWish) async throws -> MintedKey {
    let purpose = "create a pre-auth key"
    let arguments = try HeadscaleCommand.createKey(
      wish, milliseconds: LifetimeMark.milliseconds(of: wish.expiration))
    let answer = try await run(arguments, to: purpose, limit: smallAnswer)
    guard answer.status == 0 else {
      var silent = answer
      silent.output = ""
      throw words.problem(silent, to: purpose)
    }
    let output = CLIOutput(answer.output)
    let key: WirePreAuthKey
    do {
      key = try output.decode(ListedPreAuthKey.self).key
    } catch {
      throw words.badAnswer("it is not a pre-auth key in JSON", to: purpose, excerpt: nil)
    }
    guard key.isUsable else {
      throw words.badAnswer("the key in it is not a whole key", to: purpose, excerpt: nil)
    }
    known.add(key.id)
    return MintedKey(id: key.id, key: key.key, expiration: key.expiration ?? wish.expiration)
  }

  func uniqueExpiration(lifetime: Int) -> Timestamp {
    LifetimeMark.expiration(from: runner.now(), lifetime: lifetime)
  }

  func isKey(_ key: WirePreAuthKey, of expiration: Timestamp) -> Bool {
    // One that arrived is not lost, whatever its lifetime.
    !known.contains(key.id) && LifetimeMark.fits(key, expiration)
  }

  // MARK: Pieces

  private var listAnswer: Int { APIRequest.listAnswer }
  private var smallAnswer: Int { APIRequest.smallAnswer }

  /// Runs a command and takes whatever complete answer comes.
  func run(_ arguments: [String], to purpose: String, limit: Int) async throws -> HeadscaleAnswer {
    let answer = try await runner.run(arguments, outputLimit: limit)
    if answer.outputWasCut {
      throw words.badAnswer("it is larger than \(limit >> 20) MiB", to: purpose, excerpt: nil)
    }
    return answer
  }

  func success(
    of arguments: [String], to purpose: String, limit: Int
  ) async throws -> HeadscaleAnswer {
    let answer = try await run(arguments, to: purpose, limit: limit)
    guard answer.status == 0 else { throw words.problem(answer, to: purpose) }
    return answer
  }

  /// A list; null is an empty one, and no output at all is none.
  private func list<Item: Decodable>(
    _ type: [Item].Type, in output: CLIOutput, to purpose: String, isSecret: Bool = false
  ) throws -> [Item] {
    do {
      return try output.decode([Item]?.self) ?? []
    } catch {
      let why = output.isEmpty ? "nothing" : DecodingTrouble.words(error, in: output.whole)
      throw words.badAnswer(
        why, to: purpose,
        excerpt: isSecret ? nil : output.excerpt)
    }
  }
}

/// Ids of keys that arrived in this run.
private final class KnownKeys: Sendable {
  private let ids = Mutex<Set<String>>([])

  func add(_ id: String) { ids.withLock { _ = $0.insert(id) } }

  func contains(_ id: String) -> Bool { ids.withLock { $0.contains(id) } }
}
