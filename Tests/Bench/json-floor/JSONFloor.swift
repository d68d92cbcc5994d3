import Foundation

/// The least that reading a node list costs: `JSONDecoder` into plain structs with every field.
///
/// Prints the seconds of reading and decoding, without the start of the process: of CPU, then of the
/// wall clock; and the number of nodes, so that the result is used.
@main
struct JSONFloor {
  struct Body: Decodable { var nodes: [Node] }

  struct Node: Decodable {
    var id: String
    var machineKey: String
    var nodeKey: String
    var discoKey: String
    var ipAddresses: [String]
    var name: String
    var user: User?
    var lastSeen: String?
    var expiry: String?
    var preAuthKey: PreAuthKey?
    var createdAt: String
    var registerMethod: String
    var givenName: String
    var online: Bool
    var approvedRoutes: [String]
    var availableRoutes: [String]
    var subnetRoutes: [String]
    var tags: [String]
  }

  struct User: Decodable {
    var id: String
    var name: String
    var createdAt: String
    var displayName: String
    var email: String
    var providerId: String
    var provider: String
    var profilePicUrl: String
  }

  struct PreAuthKey: Decodable {
    var user: User?
    var id: String
    var key: String
    var reusable: Bool
    var ephemeral: Bool
    var used: Bool
    var expiration: String?
    var createdAt: String
    var aclTags: [String]
  }

  static func main() throws {
    guard CommandLine.arguments.count == 2 else {
      FileHandle.standardError.write(Data("usage: json-floor NODES.json\n".utf8))
      exit(64)
    }
    let (cpu, wall) = (seconds(CLOCK_PROCESS_CPUTIME_ID), seconds(CLOCK_MONOTONIC))
    let data = try Data(contentsOf: URL(fileURLWithPath: CommandLine.arguments[1]))
    let body = try JSONDecoder().decode(Body.self, from: data)
    print(
      seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu, seconds(CLOCK_MONOTONIC) - wall, body.nodes.count)
  }

  static func seconds(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
