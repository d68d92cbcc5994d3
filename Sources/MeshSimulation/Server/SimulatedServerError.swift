/// A refusal of the simulated server in the words of the real one (reference headscale-api.md §4).
package struct SimulatedServerError: Error, Sendable, Equatable {
  /// HTTP status.
  package var status: Int
  /// gRPC code of the body up to Headscale 0.29.
  package var grpcCode: Int
  package var message: String

  package init(status: Int, grpcCode: Int, message: String) {
    self.status = status
    self.grpcCode = grpcCode
    self.message = message
  }

  /// A plain Go error: code 2, status 500.
  package static func unknown(_ message: String) -> SimulatedServerError {
    SimulatedServerError(status: 500, grpcCode: 2, message: message)
  }

  package static func invalidArgument(_ message: String) -> SimulatedServerError {
    SimulatedServerError(status: 400, grpcCode: 3, message: message)
  }

  package static func notFound(_ message: String) -> SimulatedServerError {
    SimulatedServerError(status: 404, grpcCode: 5, message: message)
  }

  package static func `internal`(_ message: String) -> SimulatedServerError {
    SimulatedServerError(status: 500, grpcCode: 13, message: message)
  }

  package static func unimplemented(_ message: String) -> SimulatedServerError {
    SimulatedServerError(status: 501, grpcCode: 12, message: message)
  }
}

/// Why a client's registration was refused: the text that `tailscale up` prints after
/// `backend error: ` (reference headscale-api.md §6).
package struct RegistrationRefusal: Error, Sendable, Equatable {
  package var message: String

  package init(_ message: String) { self.message = message }
}
