import ArgumentParser
import Dispatch
import Foundation
import HeadscaleHTTP
import MeshCore
import MeshSimulation

/// `headscale serve -c CONFIG`.
///
/// `MESHCTL_STANDIN_MODE` picks the version (`0.26` to `0.30` and `0.29.3`; default 0.29),
/// `MESHCTL_STANDIN_LATENCY_MS` holds every answer back that long.
struct Serve: AsyncParsableCommand {
  @OptionGroup var options: ConfigOption

  func run() async throws {
    let configuration = try Configuration(file: options.config)
    let environment = ProcessInfo.processInfo.environment
    let wanted = environment["MESHCTL_STANDIN_MODE"] ?? Mode.v0_29.rawValue
    guard let mode = Mode(rawValue: wanted) else {
      throw ValidationError("MESHCTL_STANDIN_MODE=\(wanted) is not a known version")
    }
    let milliseconds = environment["MESHCTL_STANDIN_LATENCY_MS"] ?? "0"
    guard let latency = Double(milliseconds), latency >= 0 else {
      throw ValidationError("MESHCTL_STANDIN_LATENCY_MS=\(milliseconds) is not a number")
    }
    let file = StateFile(path: configuration.stateFile)
    let service = HeadscaleService(try file.load(mode: mode), clock: Timestamp.wallClock)
    let tcp = try HeadscaleHTTPServer(
      service, at: .tcp(address: configuration.address, port: configuration.port),
      latency: latency / 1000)
    let local = try HeadscaleHTTPServer(service, at: .unix(path: configuration.socket))
    try await serve([tcp, local], service, file)
    try file.save(await service.state)
  }

  /// Serves until SIGTERM or SIGINT, saving what changed twice a second.
  private func serve(
    _ servers: [HeadscaleHTTPServer], _ service: HeadscaleService, _ file: StateFile
  ) async throws {
    try await withThrowingTaskGroup { group in
      for server in servers { group.addTask { try await server.run() } }
      group.addTask {
        var saved = await service.revision
        while true {
          try await Task.sleep(for: .milliseconds(500))
          let revision = await service.revision
          guard revision != saved else { continue }
          try file.save(await service.state)
          saved = revision
        }
      }
      group.addTask { await Signals.termination() }
      // The first to end is the signal, or a server that could not listen.
      try await group.next()
      for server in servers { await server.stop() }
      group.cancelAll()
      do {
        try await group.waitForAll()
      } catch {
        // Listening sockets that were closed and a sleep that was cancelled end by throwing.
      }
    }
  }
}

/// Waits for the signals that end a server.
enum Signals {
  static func termination() async {
    let (stream, continuation) = AsyncStream.makeStream(of: Void.self)
    let sources = [SIGTERM, SIGINT].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { continuation.yield() }
      source.resume()
      return source
    }
    for await _ in stream { break }
    for source in sources { source.cancel() }
  }
}

extension Timestamp {
  @Sendable static func wallClock() -> Timestamp {
    let time = Date().timeIntervalSince1970
    let seconds = time.rounded(.down)
    return Timestamp(
      seconds: Int64(seconds), nanoseconds: Int32((time - seconds) * 1_000_000) * 1000)
  }
}
