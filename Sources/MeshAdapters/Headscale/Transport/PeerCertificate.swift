#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif
import MeshCore
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The certificate a server showed in a handshake that failed, so that the error can say why.
///
/// The TLS library only says "verify failed". This opens one more connection that breaks off after
/// reading the certificate; nothing is sent over it.
struct PeerCertificate: Sendable {
  var notAfter: Timestamp
  var isExpired: Bool

  /// One line for evidence.
  var summary: String { "certificate valid until \(notAfter.rfc3339)" }

  /// Nil where no certificate can be had within five seconds.
  static func read(from url: ServerURL) async -> PeerCertificate? {
    guard let context = try? NIOSSLContext(configuration: .makeClientConfiguration()) else {
      return nil
    }
    let isAddress = url.host.allSatisfy { "0123456789.".contains($0) } || url.host.contains(":")
    let found = Found()
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .connectTimeout(.seconds(5))
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let handler = try NIOSSLClientHandler(
              context: context, serverHostname: isAddress ? nil : url.host
            ) { chain, verdict in
              found.take(chain.first)
              verdict.succeed(NIOSSLVerificationResult.failed)
            }
            try channel.pipeline.syncOperations.addHandler(handler)
          }
        }
        .connect(host: url.host, port: url.port)
        .flatMap { channel in
          channel.eventLoop.scheduleTask(in: .seconds(5)) { channel.close(promise: nil) }
          return channel.closeFuture
        }
        .whenComplete { _ in done.resume() }
    }
    return found.certificate.withLock { $0 }
  }

  /// Carries the certificate out of the handshake's callback.
  private final class Found: Sendable {
    let certificate = Mutex<PeerCertificate?>(nil)

    func take(_ shown: NIOSSLCertificate?) {
      guard let shown else { return }
      let end = Int64(shown.notValidAfter)
      let read = PeerCertificate(
        notAfter: Timestamp(seconds: end), isExpired: end < Int64(time(nil)))
      certificate.withLock { $0 = read }
    }
  }
}
