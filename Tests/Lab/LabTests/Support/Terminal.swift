#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// A pseudo-terminal, with this process as the person in front of it.
final class Terminal: Sendable {
  private let master: Int32
  /// What a program opens as its terminal.
  let path: String

  struct Problem: Error {
    var errno: Int32
  }

  // The numbers of <asm-generic/ioctls.h>: the functions around them (`grantpt` and so on) are not in
  // Swift's view of glibc.
  private static let getNumber: UInt = 0x8004_5430
  private static let setLock: UInt = 0x4004_5431

  init() throws {
    master = open("/dev/ptmx", O_RDWR | O_NOCTTY)
    var unlocked: Int32 = 0
    var number: UInt32 = 0
    guard master >= 0, ioctl(master, Terminal.setLock, &unlocked) == 0,
      ioctl(master, Terminal.getNumber, &number) == 0
    else { throw Problem(errno: errno) }
    path = "/dev/pts/\(number)"
    _ = fcntl(master, F_SETFD, FD_CLOEXEC)
    _ = fcntl(master, F_SETFL, O_NONBLOCK)
  }

  deinit { close(master) }

  func type(_ text: String) throws {
    let bytes = Array(text.utf8)
    guard write(master, bytes, bytes.count) == bytes.count else { throw Problem(errno: errno) }
  }

  /// What the terminal shows of what was typed.
  func shown() -> String {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      let count = read(master, &buffer, buffer.count)
      guard count > 0 else { return String(decoding: all, as: UTF8.self) }
      all += buffer[..<count]
    }
  }
}
