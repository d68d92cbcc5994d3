#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
import AsyncHTTPClient
import MeshCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Sends API requests to one server: bearer key, bounded time and size, reads tried again.
///
/// Proxy variables of the environment are not used: the API is reached directly, because a proxy
/// would see the key of an `http://` server. Redirects are followed for reads on the same origin
/// only; the key goes nowhere else.
final class APITransport: Sendable {
  let words: APIWords
  /// In front of every path, and what of it a redirect must keep.
  private let base: String
  private let origin: String
  /// Nil where the place asks for none.
  private let key: Secret?
  private let client: HTTPClient
  private let limits: HeadscaleREST.Limits
  /// Sees the `Date` of every answer.
  private let clock: ServerClock

  init(
    base: String, origin: String, key: Secret?, words: APIWords, caFile: String?,
    limits: HeadscaleREST.Limits, clock: ServerClock
  ) throws(Failure) {
    self.base = base
    self.origin = origin
    self.key = key
    self.words = words
    self.limits = limits
    self.clock = clock
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.httpVersion = .http1Only
    configuration.timeout.connect = .milliseconds(Int64(limits.connect * 1000))
    // An idle connection that the server has already given up makes a write's fate unclear.
    configuration.connectionPool.idleTimeout = .seconds(4)
    // A refused connection is to be said at once, not after the connect timeout.
    configuration.connectionPool.retryConnectionEstablishment = false
    if let caFile {
      var tls = TLSConfiguration.makeClientConfiguration()
      tls.trustRoots = .certificates(try Self.certificates(caFile))
      configuration.tlsConfiguration = tls
    }
    client = HTTPClient(
      eventLoopGroup: MultiThreadedEventLoopGroup.singleton, configuration: configuration)
  }

  deinit {
    // The client refuses to be dropped while it runs; whoever did not call `close` is helped here.
    client.shutdown { _ in }
  }

  /// Closes all connections; no request may follow.
  func close() async {
    // Closing twice is no error worth telling.
    try? await client.shutdown()
  }

  /// Sends and returns whatever complete answer comes.
  ///
  /// - Throws: `APIProblem` where there is none; `CancellationError`.
  func send(_ request: APIRequest) async throws -> APIAnswer {
    var delays = limits.retry.delays[...]
    let end = ContinuousClock.now + .seconds(limits.all)
    while true {
      // A read that has used up its time is not begun again: three tries of a silent server would
      // keep a person waiting for minutes.
      let left = request.method == .get ? (end - .now) / .seconds(1) : limits.total
      do {
        let answer = try await follow(request, within: min(left, limits.total))
        let mayRetry = request.method == .get && [502, 503, 504].contains(answer.status)
        guard mayRetry, let delay = nextDelay(&delays, before: end) else { return answer }
        try await pause(delay)
      } catch let problem as APIProblem {
        guard request.method == .get, problem.isTransient,
          let delay = nextDelay(&delays, before: end)
        else { throw problem }
        try await pause(delay)
      }
    }
  }

  /// The wait before another try, where enough time is left for one that can succeed.
  private func nextDelay(
    _ delays: inout ArraySlice<Double>, before end: ContinuousClock.Instant
  ) -> Double? {
    guard let delay = delays.popFirst(), .now + .seconds(delay * 1.5 + 1) < end else { return nil }
    return delay
  }

  private func pause(_ delay: Double) async throws {
    try await Task.sleep(for: .seconds(delay * Double.random(in: 1...1.5)))
  }

  /// Follows redirects of reads within the same origin, at most three.
  private func follow(_ request: APIRequest, within time: Double) async throws -> APIAnswer {
    var target = base + request.path
    for _ in 0..<3 {
      let answer = try await once(request, at: target, within: time)
      guard request.method == .get, (300..<400).contains(answer.status),
        let next = answer.location.flatMap({ sameOrigin($0) })
      else { return answer }
      target = next
    }
    return try await once(request, at: target, within: time)
  }

  /// The absolute form of a redirect's target, or nil where it leaves the origin.
  private func sameOrigin(_ location: String) -> String? {
    if location.hasPrefix("/"), !location.hasPrefix("//") { return origin + location }
    let end = location.firstIndex { "?#".contains($0) } ?? location.endIndex
    guard let target = ServerURL(String(location[..<end])), target.origin == origin else {
      return nil
    }
    return location
  }

  private func once(
    _ request: APIRequest, at target: String, within time: Double
  ) async throws -> APIAnswer {
    do {
      return try await withThrowingTaskGroup(of: APIAnswer?.self) { group in
        group.addTask { try await self.exchange(request, at: target, within: time) }
        group.addTask {
          try await Task.sleep(for: .seconds(time))
          return nil
        }
        defer { group.cancelAll() }
        guard let answer = try await group.next() ?? nil else { throw self.words.timedOut }
        return answer
      }
    } catch let problem as APIProblem {
      throw problem
    } catch {
      try Task.checkCancellation()
      var certificate: PeerCertificate?
      if error is NIOSSLError || error is BoringSSLError {
        certificate = await PeerCertificate.read(from: words.url)
      }
      throw words.problem(error, certificate: certificate)
    }
  }

  private func exchange(
    _ request: APIRequest, at target: String, within time: Double
  ) async throws -> APIAnswer {
    var message = HTTPClientRequest(url: target)
    message.method = HTTPMethod(rawValue: request.method.rawValue)
    message.headers.add(name: "Content-Type", value: "application/json")
    message.headers.add(name: "Accept", value: "application/json, application/problem+json")
    message.headers.add(name: "User-Agent", value: "meshctl")
    // Go refuses HTTP/1.1 without a host, and a socket's path is none.
    if words.socket != nil { message.headers.add(name: "Host", value: "local") }
    if request.carriesKey, let key {
      message.headers.add(name: "Authorization", value: "Bearer " + key.reveal())
    }
    if let body = request.body { message.body = .bytes(body) }
    let isSmallRead = request.method == .get && request.limit == APIRequest.smallAnswer
    let first = isSmallRead ? min(time, limits.first) : time
    // Up to the head of the answer; the whole of it is bounded by our caller.
    let deadline = NIODeadline.now() + .milliseconds(Int64(first * 1000))
    let response = try await client.execute(message, deadline: deadline)
    let serverTime = response.headers.first(name: "Date").flatMap { Timestamp(httpDate: $0) }
    if let serverTime { clock.saw(serverTime) }
    return APIAnswer(
      status: Int(response.status.code),
      contentType: response.headers.first(name: "Content-Type")?.lowercased() ?? "",
      location: response.headers.first(name: "Location"), serverTime: serverTime,
      body: try await body(of: response, for: request))
  }

  /// Reads to the end, or to the limit; an error's body matters only in its beginning.
  private func body(
    of response: HTTPClientResponse, for request: APIRequest
  ) async throws -> Data {
    let isSuccess = response.status == .ok
    let limit = isSuccess ? request.limit : min(request.limit, 65_536)
    var body = Data()
    for try await chunk in response.body {
      body.append(contentsOf: chunk.readableBytesView.prefix(limit - body.count))
      guard body.count == limit else { continue }
      if !isSuccess { break }
      throw APIProblem(
        .unclear,
        words.badAnswer("it is larger than \(limit >> 20) MiB", to: request.purpose))
    }
    return body
  }

  private static func certificates(_ path: String) throws(Failure) -> [NIOSSLCertificate] {
    do {
      let certificates = try NIOSSLCertificate.fromPEMFile(path)
      if !certificates.isEmpty { return certificates }
    } catch {
      throw Failure(
        .apiCAFile, "cannot read certificates from server.api.ca_file: \(path)",
        evidence: "\(error)",
        hint: "the file must exist and hold PEM blocks: -----BEGIN CERTIFICATE-----")
    }
    throw Failure(
      .apiCAFile, "server.api.ca_file holds no certificate: \(path)",
      hint: "the file must hold PEM blocks: -----BEGIN CERTIFICATE-----")
  }
}
