import MeshCore
import MeshEngine

/// One way to a Headscale server: its REST API over TCP or a unix socket, or its command line here
/// or over SSH.
///
/// A way carries single calls and says of a failed one what it knows about the server's state; what
/// all ways share (versions, goal-state checks, owners of keys) is in `HeadscaleControl`. Every
/// method throws `APIProblem`, `CancellationError`, or `Failure` for a value that cannot be sent.
protocol HeadscaleWay: Sendable {
  /// What the server is called in messages and plans: a URL.
  var serverURL: String { get }
  /// Finds out the version; below 0.26 too.
  func version() async throws -> HeadscaleVersion
  func nodes() async throws -> NodeList
  func users() async throws -> [MeshUser]
  func policy() async throws -> PolicyState
  /// All pre-auth keys, masked.
  func keys() async throws -> [WirePreAuthKey]
  /// How long the API key that it uses is good for.
  func apiKey() async throws -> APIKeyState
  /// Sends one change, once.
  func send(_ change: HeadscaleChange) async throws
  /// The server's clock, as far as the way in shows it.
  func now() -> Timestamp
  /// An expiration that tells the next key from all others, `lifetime` seconds from now by the
  /// server's clock.
  func uniqueExpiration(lifetime: Int) -> Timestamp
  /// Makes a single-use key that ends at an expiration from `uniqueExpiration`.
  func mint(_ wish: KeyWish) async throws -> MintedKey
  /// Whether a listed key is the one that was to end at that expiration.
  func isKey(_ key: WirePreAuthKey, of expiration: Timestamp) -> Bool
  func close() async
}

/// A key to be made.
struct KeyWish: Sendable, Equatable {
  /// A user *id*.
  var user: String?
  var tags: [String]?
  var expiration: Timestamp
}

/// One change to the server, whatever way it takes.
enum HeadscaleChange: Sendable, Equatable {
  case createUser(String)
  case expireKey(id: String)
  case setTags(nodeID: String, [String])
  /// Replaces the set; an empty one clears it.
  case approveRoutes(nodeID: String, [String])
  case rename(nodeID: String, to: String)
  case disableExpiry(nodeID: String)
  case deleteNode(id: String)

  /// What it does, for messages: `rename node #7 to web`.
  var purpose: String {
    switch self {
    case .createUser(let name): "create the user \(name)"
    case .expireKey(let id): "expire pre-auth key \(id)"
    case .setTags(let id, _): "set tags of node #\(id)"
    case .approveRoutes(let id, _): "approve routes of node #\(id)"
    case .rename(let id, let name): "rename node #\(id) to \(name)"
    case .disableExpiry(let id): "turn off the expiry of node #\(id)"
    case .deleteNode(let id): "delete node #\(id)"
    }
  }
}
