#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
package import MeshCore

/// A saved node list, as `--nodes FILE` may hold it; what it lacks is nil or unknown, never empty.
///
/// Read are the bare body of `GET /api/v1/node`, what `headscale nodes list -o json` prints (any
/// version), and meshctl's own format, which also carries users, tag owners, version and time.
package struct SavedNodes: Sendable, Equatable {
  /// In ascending id order.
  package var nodes: [MeshNode]
  package var users: [MeshUser]?
  package var policy: PolicyState
  package var takenAt: Timestamp?
  /// As the server stated it, without a leading `v`.
  package var version: String?
  package var serverURL: String?

  /// Decodes a file.
  ///
  /// - Parameters:
  ///   - bytes: the whole file, UTF-8.
  ///   - file: its name for messages; `-` for standard input.
  /// - Throws: `Failure` that says where it stops being a node list.
  package init(bytes: [UInt8], file: String) throws(Failure) {
    // PowerShell's `>` writes a byte order mark.
    let data = Data(bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes)
    do {
      self = try Self.read(data)
      if let twice = Self.repeatedID(in: nodes) {
        throw Unreadable(why: "Two nodes have the id \(twice).")
      }
    } catch {
      throw Failure(
        .nodesFile, "\(file == "-" ? "standard input" : file) is not a node list",
        detail: """
          Understood are the body of GET /api/v1/node, the output of headscale nodes list -o json \
          and of meshctl import --format nodes.
          """,
        evidence: Self.trouble(error, data), hint: "check it with: head -c 200 \(file)")
    }
  }

  init(nodes: [MeshNode]) {
    self.nodes = nodes
    policy = .unknown
  }

  /// Ids tell nodes apart everywhere; a list with one id twice was put together by hand.
  private static func repeatedID(in nodes: [MeshNode]) -> String? {
    // In ascending order, so equal ones are neighbours.
    zip(nodes, nodes.dropFirst()).first { $0.id == $1.id }?.0.id
  }

  private struct Unreadable: Error { var why: String }

  private static func trouble(_ error: any Error, _ data: Data) -> String {
    let words = (error as? Unreadable)?.why ?? DecodingTrouble.words(error, in: data)
    return String("\(words) (\(data.count) bytes)".prefix(200))
  }

  private static func read(_ data: Data) throws -> SavedNodes {
    let decoder = JSONDecoder()
    let blanks: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
    switch data.first(where: { !blanks.contains($0) }) {
    case UInt8(ascii: "["):
      let nodes = try decoder.decode([ListedNode].self, from: data).map(\.node)
      return SavedNodes(nodes: nodes.sortedByID())
    case UInt8(ascii: "n"):
      // `headscale nodes list` prints null for an empty list.
      _ = try decoder.decode([ListedNode]?.self, from: data)
      return SavedNodes(nodes: [])
    case UInt8(ascii: "{"):
      return try decoder.decode(SavedFile.self, from: data).saved
    case .none:
      throw Unreadable(why: "It is empty.")
    default:
      throw Unreadable(why: "It begins neither with { nor with [, so it is no JSON list.")
    }
  }
}

/// A saved JSON object: a body of the API, or our own format.
private struct SavedFile: Decodable {
  var saved: SavedNodes

  private enum CodingKeys: String, CodingKey {
    case format, version, takenAt, server, users, tagOwners, policyProblem
  }
  private struct Server: Decodable {
    var url: String?
    var version: String?
  }

  init(from decoder: any Decoder) throws {
    saved = SavedNodes(nodes: try WireNodeList(from: decoder).nodes)
    let fields = try decoder.container(keyedBy: CodingKeys.self)
    guard let format = try fields.decodeIfPresent(String.self, forKey: .format) else { return }
    guard format == "meshctl-nodes" else {
      throw DecodingError.dataCorruptedError(
        forKey: .format, in: fields, debugDescription: "This format is unknown.")
    }
    guard try fields.decode(Int.self, forKey: .version) == 1 else {
      throw DecodingError.dataCorruptedError(
        forKey: .version, in: fields,
        debugDescription: "This version of the format is not known; use a newer meshctl.")
    }
    saved.takenAt = try fields.instant(.takenAt)
    let server = try fields.decodeIfPresent(Server.self, forKey: .server)
    saved.serverURL = server?.url
    saved.version = server?.version.map { $0.hasPrefix("v") ? String($0.dropFirst()) : $0 }
    saved.users = try fields.decodeIfPresent([WireUser].self, forKey: .users)?
      .compactMap(\.user)
    saved.policy = try policy(fields)
  }

  /// A missing `tagOwners` was not read, null is a server without a policy.
  private func policy(_ fields: KeyedDecodingContainer<CodingKeys>) throws -> PolicyState {
    guard fields.contains(.tagOwners) else {
      let problem = try fields.decodeIfPresent(String.self, forKey: .policyProblem)
      return problem.map { .unreadable($0) } ?? .unknown
    }
    guard let tags = try fields.decodeIfPresent([String].self, forKey: .tagOwners) else {
      return .none
    }
    return .tagOwners(Set(tags))
  }
}
