import Foundation
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A listener on loopback that gives every caller the same bytes, however wrong, and remembers what it
/// was sent.
final class RawServer: Sendable {
  let port: Int
  private let descriptor: Int32
  private let answer: [UInt8]
  private let seen = Mutex<[String]>([])
  private let isStopped = Mutex(false)

  var url: String { "http://127.0.0.1:\(port)" }
  /// What callers sent, up to the end of their headers.
  var requests: [String] { seen.withLock { $0 } }

  struct NoSocket: Error {}

  /// - Parameter answer: what each connection is answered with before it is closed.
  /// - Throws: `NoSocket`.
  init(answer: [UInt8] = []) throws {
    #if canImport(Glibc)
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    self.answer = answer
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let isBound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, length) == 0 && listen(descriptor, 16) == 0
          && getsockname(descriptor, $0, &length) == 0
      }
    }
    guard isBound else { throw NoSocket() }
    port = Int(UInt16(bigEndian: address.sin_port))
    Thread.detachNewThread { [self] in serve() }
  }

  /// `HTTP/1.1 <status>` with a body.
  static func http(_ status: String, _ body: String, type: String = "application/json") -> [UInt8] {
    let head =
      "HTTP/1.1 \(status)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
    return Array((head + "Connection: close\r\n\r\n" + body).utf8)
  }

  func stop() {
    isStopped.withLock { $0 = true }
    shutdown(descriptor, Int32(SHUT_RDWR))
    close(descriptor)
  }

  private func serve() {
    while !isStopped.withLock({ $0 }) {
      let caller = accept(descriptor, nil, nil)
      guard caller >= 0 else { return }
      var limit = timeval(tv_sec: 2, tv_usec: 0)
      setsockopt(
        caller, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
      var request = ""
      var buffer = [UInt8](repeating: 0, count: 4096)
      while !request.contains("\r\n\r\n") {
        let count = recv(caller, &buffer, buffer.count, 0)
        guard count > 0 else { break }
        request += String(decoding: buffer[..<count], as: UTF8.self)
      }
      seen.withLock { $0.append(request) }
      // A caller that has gone is not this process's end.
      #if canImport(Glibc)
        _ = send(caller, answer, answer.count, Int32(MSG_NOSIGNAL))
      #else
        _ = send(caller, answer, answer.count, 0)
      #endif
      close(caller)
    }
  }
}
