#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import MeshCore

/// Finding out the version (reference headscale-api.md §1.10).
extension HeadscaleREST {
  /// Asks `/version`, then tells by what the API offers.
  func version() async throws -> HeadscaleVersion {
    let version: HeadscaleVersion
    do {
      if let stated = try await statedVersion() {
        version = stated
      } else {
        version = try await shapedVersion()
      }
    } catch let problem as APIProblem where isSocket && problem.isForeign {
      throw APIProblem(
        problem.reach, noREST("something else answers", problem.failure.diagnostic.evidence))
    }
    guard !isSocket || version >= HeadscaleVersion(0, 30) else {
      throw APIProblem(.neverSent, noREST("this is Headscale \(version)", nil))
    }
    return version
  }

  /// Up to 0.29 the socket speaks gRPC (reference headscale-api.md §1.9).
  private func noREST(_ why: String, _ evidence: String?) -> Failure {
    transport.words.failure(
      .apiAccessUnsupported, "\(transport.words.place) does not offer the REST API: \(why)",
      detail: "Headscale serves it there from 0.30 on; before, the socket is for its own command.",
      evidence: evidence,
      hint: "write command: [headscale] instead of socket under server.api in the inventory")
  }

  /// What `/version` says; nil below 0.27, which lacks it, and for self-built servers.
  private func statedVersion() async throws -> HeadscaleVersion? {
    let request = APIRequest.get("/version", to: "read the version", carriesKey: false)
    let answer = try await transport.send(request)
    switch answer.status {
    case 200 where !answer.isPage:
      let body: WireVersion = try decode(answer, of: request)
      return HeadscaleVersion(body.version)
    case 300..<400, 429, 502, 503, 504:
      throw transport.words.problem(answer, to: request.purpose)
    default:
      // A proxy may pass on nothing but /api/v1.
      return nil
    }
  }

  /// Tells the version by what is there: 0.30 publishes its own description, older ones show their
  /// age by the fields of a node.
  private func shapedVersion() async throws -> HeadscaleVersion {
    let openAPI = APIRequest.get(
      "/api/v1/openapi.yaml", to: "read the API description", carriesKey: false)
    let description = try await transport.send(openAPI)
    if description.isSuccess, description.excerpt.contains("openapi:") {
      return HeadscaleVersion(0, 30, suffix: "dev")
    }
    let nodes = try await transport.send(HeadscaleRequests.nodes)
    if nodes.status == 404 || nodes.status == 501, !nodes.isPage {
      // 0.22 and older serve machines, not nodes; but most often this is no Headscale at all.
      throw APIProblem(.refused(status: nodes.status), transport.words.notHeadscale(nodes))
    }
    let shape: NodeShape = try decode(nodes, of: HeadscaleRequests.nodes)
    if let first = shape.nodes?.first, !first.hasTags {
      return first.hasApprovedRoutes ? HeadscaleVersion(0, 26) : HeadscaleVersion(0, 25)
    }
    return try await describedVersion(atLeast: shape.nodes?.isEmpty == false ? 28 : 25)
  }

  /// Tells 0.28 from 0.29, and all of them where there is no node, by the published Swagger file.
  private func describedVersion(atLeast minor: Int) async throws -> HeadscaleVersion {
    let request = APIRequest.get(
      "/swagger/v1/openapiv2.json", to: "read the API description", carriesKey: false)
    let answer = try await transport.send(request)
    guard answer.isSuccess, !answer.isPage else {
      if minor >= 28 { return HeadscaleVersion(0, minor) }
      throw APIProblem(
        .refused(status: answer.status),
        transport.words.failure(
          .apiNotHeadscale,
          "cannot tell which version of Headscale answers at \(transport.words.name)",
          detail:
            "/version says nothing, there are no nodes, and no description of the API.",
          hint: "let the proxy pass on /version"))
    }
    let swagger: Swagger = try decode(answer, of: request)
    if swagger.paths["/api/v1/policy/check"] != nil { return HeadscaleVersion(0, 29) }
    let fields = swagger.definitions["v1Node"]?.properties ?? [:]
    if fields["tags"] != nil { return HeadscaleVersion(0, 28) }
    return HeadscaleVersion(0, fields["approvedRoutes"] != nil ? 26 : 25)
  }
}

extension APIProblem {
  /// Something answered, but not the REST API, or hung up.
  fileprivate var isForeign: Bool {
    let code = failure.diagnostic.code
    switch reach {
    case .unclear: return code == .apiBadAnswer || code == .apiUnreachable
    case .refused: return code == .apiNotHeadscale
    case .neverSent: return false
    }
  }
}

/// Which of the telling fields the nodes have.
private struct NodeShape: Decodable {
  struct Node: Decodable {
    var hasTags: Bool
    var hasApprovedRoutes: Bool

    private enum CodingKeys: String, CodingKey { case tags, approvedRoutes }

    init(from decoder: any Decoder) throws {
      let fields = try decoder.container(keyedBy: CodingKeys.self)
      hasTags = fields.contains(.tags)
      hasApprovedRoutes = fields.contains(.approvedRoutes)
    }
  }

  var nodes: [Node]?
}

/// The names in a Swagger 2.0 file; nothing else of it is read.
private struct Swagger: Decodable {
  struct Anything: Decodable { init(from decoder: any Decoder) {} }
  struct Definition: Decodable { var properties: [String: Anything]? }

  var paths: [String: Anything]
  var definitions: [String: Definition]
}
