import MeshCore
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// A server on loopback that answers what a test tells it, in bytes, and records what it was asked.
///
/// Requests are parsed as HTTP/1.1; answers are written raw, so that they can be cut or wrong.
final class HeadscaleTestServer: Sendable {
  struct Request: Sendable, Equatable {
    var method: String
    var uri: String
    var headers: [String: String]
    var body: String

    /// `POST /api/v1/user {"name":"bob"}`.
    var line: String { body.isEmpty ? "\(method) \(uri)" : "\(method) \(uri) \(body)" }
  }

  enum Reply: Sendable {
    case answer(Int, String, headers: [String] = ["Content-Type: application/json"])
    /// Written as they are; the connection is closed afterwards.
    case raw(String)
    /// JSON, so many seconds late.
    case late(Double, String)
    /// Nothing, ever.
    case silence
    /// A head that promises a body, the first byte of it, and then nothing.
    case halfBody
  }

  typealias Responder = @Sendable (Request) -> Reply

  static let date = "Sun, 22 Nov 2026 21:26:14 GMT"

  let port: Int
  private let channel: any Channel
  private let seen: Seen

  private final class Seen: Sendable {
    let requests = Mutex<[Request]>([])
  }

  private init(channel: any Channel, seen: Seen) {
    self.channel = channel
    self.seen = seen
    port = channel.localAddress?.port ?? 0
  }

  var requests: [Request] { seen.requests.withLock { $0 } }
  var lines: [String] { requests.map(\.line) }
  /// The requests that change something.
  var writes: [String] { requests.filter { $0.method != "GET" }.map(\.line) }

  /// Runs a server for the time of `body`, on loopback or at the path of a socket.
  static func run<Value>(
    tls: NIOSSLContext? = nil, socket: String? = nil, _ responder: @escaping Responder,
    _ body: (HeadscaleTestServer) async throws -> Value
  ) async throws -> Value {
    let seen = Seen()
    let bootstrap = ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
          try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder()))
          try pipeline.addHandler(
            Handler { request in
              seen.requests.withLock { $0.append(request) }
              return responder(request)
            })
        }
      }
    let channel =
      if let socket {
        try await bootstrap.bind(unixDomainSocketPath: socket).get()
      } else {
        try await bootstrap.serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
          .bind(host: "127.0.0.1", port: 0).get()
      }
    let server = HeadscaleTestServer(channel: channel, seen: seen)
    do {
      let value = try await body(server)
      try await channel.close()
      return value
    } catch {
      try? await channel.close()
      throw error
    }
  }

  private final class Handler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = ByteBuffer

    let responder: Responder
    var head: HTTPRequestHead?
    var body = ""

    init(_ responder: @escaping Responder) { self.responder = responder }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      switch unwrapInboundIn(data) {
      case .head(let head):
        self.head = head
        body = ""
      case .body(let bytes):
        body += String(buffer: bytes)
      case .end:
        guard let head else { return }
        let headers = head.headers.map { ($0.name.lowercased(), $0.value) }
        let request = Request(
          method: head.method.rawValue, uri: head.uri,
          headers: Dictionary(headers) { first, _ in first }, body: body)
        answer(responder(request), context)
      }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      context.close(promise: nil)
    }

    private func answer(_ reply: Reply, _ context: ChannelHandlerContext) {
      switch reply {
      case .silence:
        return
      case .late(let seconds, let body):
        let loop = NIOLoopBound((self, context), eventLoop: context.eventLoop)
        context.eventLoop.scheduleTask(in: .milliseconds(Int64(seconds * 1000))) {
          let (handler, context) = loop.value
          handler.answer(.answer(200, body), context)
        }
      case .halfBody:
        let text = "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
      case .raw(let text):
        context.write(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
        context.flush()
        context.close(promise: nil)
      case .answer(let status, let body, let headers):
        var text = "HTTP/1.1 \(status) Whatever\r\nDate: \(HeadscaleTestServer.date)\r\n"
        for header in headers { text += header + "\r\n" }
        text += "Content-Length: \(body.utf8.count)\r\n\r\n" + body
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text)), promise: nil)
      }
    }
  }
}
