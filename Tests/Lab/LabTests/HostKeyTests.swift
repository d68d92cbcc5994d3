import Foundation
import Testing

extension LabTests {
  @Suite("Host keys") struct HostKeyTests {
    @Test func `An unknown host key is refused, unless the inventory says otherwise`()
      async throws
    {
      let lab = try LabTests.lab()
      var inventory = try await lab.converged().only("beta")
      let ssh = inventory["beta"]["ssh"]
      let known = lab.work("ssh/known_hosts")
      #expect(!FileManager.default.fileExists(atPath: known))

      inventory["beta"]["ssh"] = LabInventory.ssh(user: "ops", key: nil, lab)
      try await expectRefused(lab, inventory, "MESH-SSH-HOST-KEY-UNKNOWN")
      #expect(!FileManager.default.fileExists(atPath: known))

      // gamma's key under beta's name: somebody sits in between.
      inventory["beta"]["ssh"] = LabInventory.ssh(
        user: "ops", key: try lab.hostKey("gamma"), lab)
      try await expectRefused(
        lab, inventory, "MESH-SSH-HOST-KEY-CHANGED",
        known: try await fingerprint(lab, "gamma", "ed25519"),
        shown: try await fingerprint(lab, "beta", "ed25519"))

      inventory["beta"]["ssh"] = LabInventory.ssh(user: "ops", key: "accept-new", lab)
      let accepted = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
      #expect(accepted.exit == 0, "\(accepted.all)")
      let learnt = try String(contentsOfFile: known, encoding: .utf8)
      #expect(learnt.contains("ssh-ed25519") || learnt.contains("ecdsa-sha2"), "\(learnt)")

      // The same address with another key from now on.
      let forged = learnt.split(separator: "\n").map { line in
        let words = line.split(separator: " ")
        return "\(words[0]) \(gammaKey(lab, kind: words[1]))\n"
      }
      try forged.joined().write(toFile: known, atomically: true, encoding: .utf8)
      let kind = learnt.contains("ssh-ed25519") ? "ed25519" : "ecdsa"
      try await expectRefused(
        lab, inventory, "MESH-SSH-HOST-KEY-CHANGED",
        known: try await fingerprint(lab, "gamma", kind),
        shown: try await fingerprint(lab, "beta", kind))
      try FileManager.default.removeItem(atPath: known)

      inventory["beta"]["ssh"] = ssh
      let pinned = try await lab.meshctl("plan", inventory, "--probe", "--detailed-exitcode")
      #expect(pinned.exit == 0, "\(pinned.all)")
      #expect(!FileManager.default.fileExists(atPath: known))
    }

    private func expectRefused(
      _ lab: Lab, _ inventory: LabInventory, _ code: String, known: String? = nil,
      shown: String? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      // A stopped client needs the host, so that the refusal decides.
      let probe = try await lab.meshctl("plan", inventory, "--probe")
      #expect(
        (probe.output + probe.error).contains(code), "\(probe.all)", sourceLocation: sourceLocation)
      // What is to be done by name needs a proof, which needs the host.
      let node = try #require(try await lab.server.node("beta"))
      try await lab.server.approve([], node: node.id)
      let apply = try await lab.meshctl(
        "apply", inventory, "--auto-approve", "--format", "json")
      #expect(apply.exit == 3, "\(apply.all)", sourceLocation: sourceLocation)
      let finding = try ApplyEvent.all(apply).outcome("beta").diagnostics.first {
        $0.code == code
      }
      let found = try #require(finding, "\(apply.all)", sourceLocation: sourceLocation)
      #expect(found.hint?.isEmpty == false, "\(found)", sourceLocation: sourceLocation)
      #expect(found.evidence?.isEmpty == false, "\(found)", sourceLocation: sourceLocation)
      if let known, let shown {
        // What a person compares with what stands on the machine.
        #expect(
          found.evidence?.contains("known: \(known)") == true
            && found.evidence?.contains("shown: \(shown)") == true, "\(found)",
          sourceLocation: sourceLocation)
      }
      #expect(
        try await lab.server.node("beta")?.routes == [], sourceLocation: sourceLocation)
      try await lab.server.approve(["10.78.0.0/24"], node: node.id)
    }

    private func fingerprint(_ lab: Lab, _ host: String, _ kind: String) async throws -> String {
      let said = try await Shell.output([
        "ssh-keygen", "-l", "-f", "\(lab.state)/hosts/\(host)/ssh_host_\(kind)_key.pub",
      ])
      return String(try #require(said.split(separator: " ").first { $0.hasPrefix("SHA256:") }))
    }

    private func gammaKey(_ lab: Lab, kind: Substring) -> String {
      let file = kind.contains("ecdsa") ? "ssh_host_ecdsa_key.pub" : "ssh_host_ed25519_key.pub"
      let line =
        (try? String(contentsOfFile: "\(lab.state)/hosts/gamma/\(file)", encoding: .utf8)) ?? ""
      return line.split(separator: " ").prefix(2).joined(separator: " ")
    }
  }
}
