/// A refusal of the simulated server in the words of the real one (reference headscale-api.md §4).
package struct SimulatedServerError: Error, Sendable, Equatable {
  /// One entry of a problem's `errors`.
  package struct Cause: Sendable, Equatable {
    package var message: String
    /// Where in the request, such as `body.user`; empty for causes inside the server.
    package var location = ""
    package var value: JSONValue?

    package init(_ message: String, location: String = "", value: JSONValue? = nil) {
      self.message = message
      self.location = location
      self.value = value
    }
  }

  /// HTTP status.
  package var status: Int
  /// gRPC code of the body up to Headscale 0.29.
  package var grpcCode: Int
  /// The whole message, or the `detail` of a problem.
  package var message: String
  /// What a problem adds; always empty up to Headscale 0.29.
  package var causes: [Cause] = []

  package init(status: Int, grpcCode: Int, message: String, causes: [Cause] = []) {
    self.status = status
    self.grpcCode = grpcCode
    self.message = message
    self.causes = causes
  }

  /// Message and causes in one line, as the command line prints them.
  package var text: String { ([message] + causes.map(\.message)).joined(separator: ": ") }

  /// A problem of Headscale 0.30.
  package static func problem(
    _ status: Int, _ detail: String, _ cause: String? = nil
  ) -> SimulatedServerError {
    SimulatedServerError(
      status: status, grpcCode: 2, message: detail, causes: cause.map { [Cause($0)] } ?? [])
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
