import MeshCore

/// Says in words what went wrong with one server; never says the key.
struct APIWords: Sendable {
  var url: ServerURL
  /// The unix socket that is spoken to; nil means TCP.
  var socket: String?
  /// Where the key came from: `HEADSCALE_API_KEY`, `the file ops.key`; never the key.
  var keyOrigin: String
  var hasCAFile: Bool
  var redactor: Redactor

  init(url: ServerURL, key: Secret, keyOrigin: String, hasCAFile: Bool) {
    self.url = url
    self.keyOrigin = keyOrigin
    self.hasCAFile = hasCAFile
    redactor = Redactor()
    redactor.learn(key)
  }

  /// Over a unix socket: no key, no certificates.
  init(url: ServerURL, socket: String) {
    self.url = url
    self.socket = socket
    keyOrigin = "nowhere"
    hasCAFile = false
    redactor = Redactor()
  }

  /// What is spoken to: `https://mesh.example.com`, `the socket /run/headscale.sock`.
  var name: String { socket.map { "the socket \($0)" } ?? url.normalized }

  /// The command with which a person looks at a public path.
  func curl(_ path: String, options: String = "") -> String {
    guard let socket else { return "curl \(options)\(url.normalized)\(path)" }
    // Nothing but the API is served on the socket.
    return "curl \(options)--unix-socket \(ShellQuoting.quoted(socket)) "
      + "http://local/api/v1/health"
  }

  /// `mesh.example.com:443`, or the socket.
  var place: String {
    if socket != nil { return name }
    return (url.host.contains(":") ? "[\(url.host)]" : url.host) + ":\(url.port)"
  }

  /// One line of at most 200 characters without the key; nil where nothing is left.
  func evidence(_ text: String) -> String? {
    // Cut only after redaction: a key cut in half would not be recognised any more.
    let redacted = redactor.redacted(text)
    var line = ""
    var length = 0
    for scalar in redacted.unicodeScalars where length < 200 {
      let isBlank = scalar.value <= 0x20 || (0x7F...0x9F).contains(scalar.value)
      if isBlank, line.isEmpty || line.hasSuffix(" ") { continue }
      line.unicodeScalars.append(isBlank ? " " : scalar)
      length += 1
    }
    while line.hasSuffix(" ") { line.removeLast() }
    return line.isEmpty ? nil : line
  }

  func failure(
    _ code: DiagnosticCode, _ message: String, detail: String? = nil, evidence text: String? = nil,
    hint: String? = nil
  ) -> Failure {
    Failure(
      code, message, detail: detail, evidence: text.flatMap { evidence($0) }, hint: hint)
  }
}

/// What an answer that is no success means.
extension APIWords {
  /// Names the problem of a complete answer other than 200.
  func problem(_ answer: APIAnswer, to purpose: String) -> APIProblem {
    let words = WireProblem.words(in: answer.body)
    let text = answer.excerpt
    switch answer.status {
    case 300..<400:
      return APIProblem(.refused(status: answer.status), redirect(answer.location ?? "nowhere"))
    case 401, 403:
      return APIProblem(.refused(status: answer.status), keyRefused(answer))
    case 500 where text.hasPrefix("Unauthorized"):
      // Up to 0.26 a malformed key is a 500 with the same text (reference headscale-api.md §4).
      return APIProblem(.refused(status: answer.status), keyRefused(answer))
    case 429:
      // Asking again at once is what it asks not to do; the next run comes soon enough.
      return APIProblem(
        .refused(status: answer.status),
        failure(
          .apiUnavailable, "\(name) answered HTTP 429: it is asked too often",
          detail: "A proxy in front, or the server itself, limits how many requests it takes.",
          evidence: words ?? text,
          hint: "run meshctl less often or with a smaller --parallelism, or raise the proxy's limit"
        ))
    case 502, 503, 504:
      return APIProblem(
        .unclear, transient: true,
        failure(
          .apiUnavailable, "\(name) answered HTTP \(answer.status), not Headscale",
          detail: "A proxy stands in front, and Headscale behind it does not answer it.",
          evidence: words ?? text, hint: "check on the server: systemctl status headscale"))
    default:
      break
    }
    let status = answer.status
    // 501 is a clear no: nothing is served there.
    let isClear = status < 500 || status == 501
    let reach: APIProblem.Reach = isClear ? .refused(status: status) : .unclear
    if status == 400, text.contains("HTTPS server") || text.contains("HTTPS port") {
      return APIProblem(reach, plainTextToTLS(text))
    }
    if answer.isPage || words == nil && status < 500 || status == 404 && words == "Not Found" {
      return APIProblem(reach, notHeadscale(answer))
    }
    return APIProblem(reach, refused(answer, words: words, to: purpose))
  }

  private func refused(_ answer: APIAnswer, words: String?, to purpose: String) -> Failure {
    if let words, words.contains("invalid or not permitted") {
      return failure(
        .apiTags, "Headscale's policy does not allow the tags",
        detail: "A tag can be set on a node only where it is a key of the policy's tagOwners.",
        evidence: words,
        hint: "add the tag to tagOwners in the policy, for example \"tag:web\": []")
    }
    return failure(
      .apiRefused, "Headscale could not \(purpose) (HTTP \(answer.status))",
      evidence: words ?? answer.excerpt,
      hint: "the server's log says more: journalctl -u headscale")
  }

  func keyRefused(_ answer: APIAnswer) -> Failure {
    failure(
      .apiKeyRefused,
      "Headscale refused the API key from \(keyOrigin) (HTTP \(answer.status) at \(url.normalized))",
      detail: "The key is unknown there, expired, or belongs to another server.",
      evidence: answer.excerpt,
      hint: "create one on the server: headscale apikeys create --expiration 90d")
  }

  func notHeadscale(_ answer: APIAnswer) -> Failure {
    let what = answer.isPage ? "a web page" : "something else"
    return failure(
      .apiNotHeadscale,
      "\(name) is not a Headscale API: it answered \(what) (HTTP \(answer.status))",
      detail: "The URL may miss a path or port, or a proxy does not pass on /api/v1.",
      evidence: answer.excerpt, hint: "check with: \(curl("/version"))")
  }

  private func plainTextToTLS(_ text: String) -> Failure {
    failure(
      .apiNotHeadscale, "\(place) speaks TLS, but the URL begins with http://", evidence: text,
      hint: "write https:// in server.api.url")
  }

  func redirect(_ target: String) -> Failure {
    failure(
      .apiRedirect, "\(name) redirects elsewhere; the API key was not sent there",
      detail: "A key is sent only to the host, port and scheme it was meant for.",
      evidence: "Location: \(target)",
      hint: "if that is the right server, write its URL in server.api.url")
  }

  /// The answer does not hold what this call returns.
  func badAnswer(_ why: String, to purpose: String, excerpt: String? = nil) -> Failure {
    failure(
      .apiBadAnswer, "cannot read what \(name) answered to \(purpose): \(why)",
      evidence: excerpt, hint: "check with: \(curl("/version"))")
  }
}
