import Foundation
import Testing

/// Searches everything that meshctl wrote, or made others write, for secrets.
struct SecretSearch {
  let lab: Lab

  /// Output of every run, meshctl's own files, logs and disks of all hosts.
  func expectNothing() async throws {
    try await lab.startHosts()
    for host in Lab.all { try await lab.keepJournal(host) }
    let patterns = SecretPatterns(secrets: [lab.password, lab.server.key])
    var files = 0
    for folder in ["captured", "state", "home", "tmp", "ssh"] {
      for file in try regularFiles(lab.work(folder)) {
        files += 1
        if patterns.occur(in: Processes.bytes(file)) {
          Issue.record("\(file) holds a secret:\n\(Self.lines(file, patterns))")
        }
      }
    }
    #expect(files > 0, "nothing was captured")
    for host in Lab.all { try await expectNothing(on: host) }
  }

  /// No key file, no folder of ours, no secret in any file of a host.
  func expectNothing(on host: String) async throws {
    let found = try await lab.exec(
      host,
      """
      find /tmp /var/tmp /run /dev/shm /root /home -xdev -name '*meshctl*' ! -name meshctl-join.lock \
        ! -name meshctl-tailscaled.pid
      find /tmp /var/tmp /dev/shm /home /root /etc /var /run -xdev -type f -size -4096k \
        ! -path '/var/log/journal/*' -exec grep -laE -f /dev/fd/3 {} + 3<<'END' || :
      hskey-auth-[A-Za-z0-9_-]{12}-[A-Za-z0-9_-]{64}
      hskey-api-
      \(lab.password)
      END
      """)
    #expect(found.output.isEmpty && found.exit == 0, "\(host) keeps something: \(found.all)")
  }

  private func regularFiles(_ folder: String) throws -> [String] {
    guard let paths = FileManager.default.subpaths(atPath: folder) else { return [] }
    return try paths.map { folder + "/" + $0 }.filter {
      try FileManager.default.attributesOfItem(atPath: $0)[.type] as? FileAttributeType
        == .typeRegular
    }
  }

  private static func lines(_ file: String, _ patterns: SecretPatterns) -> String {
    let text = String(decoding: Processes.bytes(file), as: UTF8.self)
    return text.split(separator: "\n").filter { patterns.occur(in: Array($0.utf8)) }.prefix(3)
      .map { String($0.prefix(120)) }.joined(separator: "\n")
  }
}
