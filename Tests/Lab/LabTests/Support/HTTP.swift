import Foundation

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// One plain HTTP exchange over a socket; enough for a control server on the next address.
struct HTTPExchange {
  var address: String
  var port: UInt16

  struct Problem: Error, CustomStringConvertible {
    var description: String
  }

  /// Blocks for at most ten seconds.
  ///
  /// - Returns: the status and the body.
  func send(_ method: String, _ path: String, headers: [String], body: String) throws -> (
    status: Int, body: String
  ) {
    // HTTP/1.0: the answer ends with the connection and is never chunked.
    let head =
      "\(method) \(path) HTTP/1.0\r\nHost: \(address)\r\n"
      + headers.map { $0 + "\r\n" }.joined() + "Content-Length: \(body.utf8.count)\r\n\r\n"
    let answer = String(decoding: try exchange(Array((head + body).utf8)), as: UTF8.self)
    guard let end = answer.range(of: "\r\n\r\n"),
      let status = answer.split(separator: " ").dropFirst().first.flatMap({ Int($0) })
    else { throw Problem(description: "\(method) \(path): no HTTP answer: \(answer.prefix(200))") }
    return (status, String(answer[end.upperBound...]))
  }

  private func exchange(_ bytes: [UInt8]) throws -> [UInt8] {
    #if canImport(Glibc)
      let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #else
      let descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #endif
    guard descriptor >= 0 else { throw Problem(description: "socket: errno \(errno)") }
    defer { close(descriptor) }
    var limit = timeval(tv_sec: 10, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      setsockopt(descriptor, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    var target = sockaddr_in()
    target.sin_family = sa_family_t(AF_INET)
    target.sin_port = port.bigEndian
    inet_pton(AF_INET, address, &target.sin_addr)
    let connected = withUnsafePointer(to: &target) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { throw Problem(description: "connect: errno \(errno)") }
    guard write(descriptor, bytes, bytes.count) == bytes.count else {
      throw Problem(description: "write: errno \(errno)")
    }
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count == 0 { return answer }
      guard count > 0 else { throw Problem(description: "read: errno \(errno)") }
      answer += buffer[..<count]
    }
  }
}
