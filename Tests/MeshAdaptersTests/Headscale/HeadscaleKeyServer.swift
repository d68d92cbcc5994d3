import Foundation
import Synchronization

/// A server that makes keys as `making` says and lists what it was asked for.
final class HeadscaleKeyServer: Sendable {
  enum Making { case works, breaks, breaksUnmade, slow, masked, refuses }

  let asked = Mutex<[[String: String]]>([])
  let version: String
  let making: Making
  let used: Bool

  init(_ version: String, _ making: Making = .works, used: Bool = false) {
    self.version = version
    self.making = making
    self.used = used
  }

  func respond(_ request: HeadscaleTestServer.Request) -> HeadscaleTestServer.Reply {
    switch (request.method, request.uri) {
    case ("GET", "/version"):
      return .answer(200, versionBody(version))
    case ("GET", "/api/v1/user"):
      return .answer(
        200,
        #"{"users":[{"id":"1","name":"alice","email":"a@x.org"},{"id":"2","name":"bob"},"#
          + #"{"id":"3","name":"bob","provider":"oidc"},{"id":"4","name":"b@y","email":"b@y"}]}"#)
    case ("GET", "/api/v1/preauthkey"):
      return .answer(200, "{\"preAuthKeys\":[\(list().joined(separator: ","))]}")
    case ("POST", "/api/v1/preauthkey"):
      let expiration = self.expiration(request.body)
      if making != .breaksUnmade { asked.withLock { $0.append(["expiration": expiration]) } }
      return made(expiration)
    default:
      return .answer(200, "{}")
    }
  }

  private func made(_ expiration: String) -> HeadscaleTestServer.Reply {
    switch making {
    case .works:
      .answer(
        200, "{\"preAuthKey\":\(key("9", expiration, "hskey-auth-abcdefghijkl-secretsecret"))}")
    case .masked:
      .answer(200, "{\"preAuthKey\":\(key("9", expiration, "hskey-auth-abcdefghijkl-***"))}")
    case .breaks, .breaksUnmade: .raw("")
    case .slow: .silence
    case .refuses: .answer(400, #"{"code":3,"message":"tag must start with the string 'tag:'"}"#)
    }
  }

  func key(_ id: String, _ expiration: String, _ text: String) -> String {
    """
    {"user":null,"id":"\(id)","key":"\(text)","reusable":false,"ephemeral":false,\
    "used":\(used),"expiration":"\(expiration)","createdAt":null,"aclTags":[]}
    """
  }

  private func list() -> [String] {
    asked.withLock { $0 }.flatMap { asked in
      let expiration = asked["expiration"] ?? ""
      // One of the same second by somebody else, which is none of ours.
      return [
        key("8", String(expiration.prefix(19)) + "Z", "hskey-auth-other-***"),
        key("9", expiration, "hskey-auth-abcdefghijkl-***"),
      ]
    }
  }

  func expiration(_ body: String) -> String {
    let object = try? JSONSerialization.jsonObject(with: Data(body.utf8)) as? [String: Any]
    return object?["expiration"] as? String ?? ""
  }
}
