#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// The processes of this machine, those of the lab's hosts included: they share its kernel.
enum Processes {
  enum Signal { case interrupt, kill, pause, goOn }

  struct Unreachable: Error {
    var pid: Int32
    var errno: Int32
  }

  static func send(_ signal: Signal, to pid: Int32) throws {
    let number =
      switch signal {
      case .interrupt: SIGINT
      case .kill: SIGKILL
      case .pause: SIGSTOP
      case .goOn: SIGCONT
      }
    // 0 and below would mean whole groups of processes.
    guard pid > 1, kill(pid, number) == 0 else { throw Unreachable(pid: pid, errno: errno) }
  }

  static func all() -> [Int32] {
    guard let folder = opendir("/proc") else { return [] }
    defer { closedir(folder) }
    var pids: [Int32] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: CChar.self, capacity: 256) { strtol($0, nil, 10) }
      }
      if name > 0 { pids.append(Int32(name)) }
    }
    return pids
  }

  /// With a NUL behind every variable; empty for a process that is gone.
  static func environment(_ pid: Int32) -> String {
    String(decoding: bytes("/proc/\(pid)/environ"), as: UTF8.self)
  }

  static func commandLine(_ pid: Int32) -> String {
    String(decoding: bytes("/proc/\(pid)/cmdline").map { $0 == 0 ? 32 : $0 }, as: UTF8.self)
  }

  /// A zombie counts as gone.
  static func isAlive(_ pid: Int32) -> Bool { program(pid) != nil }

  /// The program a process runs.
  static func program(_ pid: Int32) -> String? {
    var buffer = [UInt8](repeating: 0, count: 4096)
    let count = buffer.withUnsafeMutableBytes { bytes in
      bytes.bindMemory(to: CChar.self).baseAddress.map {
        readlink("/proc/\(pid)/exe", $0, bytes.count)
      } ?? -1
    }
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
  }

  static func bytes(_ path: String) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return [] }
    defer { close(descriptor) }
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 15)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { return all }
      all += buffer[..<count]
    }
  }
}
