#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// A TCP port of this machine that accepts connections (into its backlog).
struct LoopbackListener {
  let port: Int
  private let descriptor: Int32

  struct Failed: Error { var code: Int32 }

  init() throws {
    #if canImport(Darwin)
      descriptor = socket(AF_INET, SOCK_STREAM, 0)
    #else
      descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #endif
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let descriptor = descriptor
    let status = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic -> Int32 in
        guard bind(descriptor, generic, length) == 0, listen(descriptor, 64) == 0 else { return -1 }
        return getsockname(descriptor, generic, &length)
      }
    }
    guard status == 0 else { throw Failed(code: errno) }
    port = Int(UInt16(bigEndian: address.sin_port))
  }

  #if canImport(Glibc)
    func close() { _ = Glibc.close(descriptor) }
  #elseif canImport(Musl)
    func close() { _ = Musl.close(descriptor) }
  #else
    func close() { _ = Darwin.close(descriptor) }
  #endif
}
