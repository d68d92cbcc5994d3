import Foundation
import Testing

/// Everything here runs against real hosts: sshd, sudo, apt and systemd of Debian, one lab for all of it.
///
/// Each test says which state it needs (`emptyTailnet`, `converged`); none relies on the one before it.
@Suite(
  "Lab", .serialized,
  .enabled(
    if: ProcessInfo.processInfo.environment["MESHCTL_LAB"] == "1",
    "needs root on Linux and MESHCTL_LAB=1: run `make test`"),
  .timeLimit(.minutes(3)), .lab)
struct LabTests {}

extension LabTests {
  /// The lab of this process.
  static func lab() throws -> Lab { try #require(Lab.current, "the lab is not up") }
}
