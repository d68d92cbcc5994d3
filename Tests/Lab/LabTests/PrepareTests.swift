import Foundation
import Testing

/// sudo that asks, which nobody answers: the field report's third gap.
extension LabTests {
  @Suite("Prepare") struct PrepareTests {
    @Test func `Once prepared by a person, a host joins without a password`() async throws {
      let lab = try LabTests.lab()
      try await lab.fresh("alpha")
      let inventory = try LabInventory.single("alpha", of: lab, user: "pat")
      try await expectWaits(lab, inventory)

      try await prepare(lab, inventory, asksPassword: true)
      #expect(!exists(lab, "/etc/sudoers.d/meshctl"))
      try await applied(lab, inventory)
      #expect(try await lab.node("alpha").online)
      try await expectSettled(lab, inventory)
      // Nothing is left to prepare.
      let again = try await lab.meshctl("prepare", inventory, "alpha", terminal: try Terminal())
      #expect(again.exit == 0 && again.all.contains("nothing to prepare"), "\(again.all)")

      try await prepare(lab, inventory, "--undo", asksPassword: true)
      let preferences = try await lab.onHost("alpha", "tailscale debug prefs")
      #expect(!preferences.contains("\"OperatorUser\": \"pat\""), "\(preferences)")
    }

    @Test func `The drop-in stays for runs without a person, until it is taken back`() async throws
    {
      let lab = try LabTests.lab()
      try await lab.fresh("alpha")
      let inventory = try LabInventory.single("alpha", of: lab, user: "pat")
      let shown = try await prepare(lab, inventory, "--drop-in", asksPassword: true)
      let path = lab.file("/etc/sudoers.d/meshctl", on: "alpha")
      let text = try String(contentsOfFile: path, encoding: .utf8)
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      #expect(attributes[.posixPermissions] as? Int == 0o440)
      #expect(attributes[.ownerAccountID] as? Int == 0)
      // What a person said yes to is what stands there.
      for line in text.split(separator: "\n") { #expect(shown.contains(line), "\(shown)") }
      try await lab.onHost("alpha", "visudo -c")
      try await applied(lab, inventory)
      #expect(try await lab.node("alpha").online)
      try await lab.onHost("alpha", "systemctl stop tailscaled")
      try await lab.waitUntilOffline(try await lab.node("alpha").id)
      try await applied(lab, inventory)

      try await prepare(lab, inventory, "--undo", asksPassword: false)
      #expect(!exists(lab, "/etc/sudoers.d/meshctl"))
      try await lab.fresh("alpha")
      try await expectWaits(lab, inventory)
    }

    @Test func `A wrong password is asked for once more, a no does nothing`() async throws {
      let lab = try LabTests.lab()
      try await lab.fresh("alpha")
      let inventory = try LabInventory.single("alpha", of: lab, user: "pat")
      let refusing = try Terminal()
      let declined = try await lab.meshctl(
        "prepare", inventory, "--drop-in", "alpha", terminal: refusing
      ) { running in
        try await running.wait(for: "Do this on alpha?")
        try refusing.type("no\n")
      }
      #expect(declined.exit == 1, "\(declined.all)")
      let terminal = try Terminal()
      let wrong = try await lab.meshctl(
        "prepare", inventory, "--drop-in", "alpha", terminal: terminal
      ) { running in
        try await running.wait(for: "Do this on alpha?")
        try terminal.type("yes\n")
        try await running.wait(for: "sudo password of pat on alpha")
        try terminal.type("not-this-one\n")
        try await running.wait(for: "Once more")
        try terminal.type("nor-this-one\n")
      }
      // Nothing was changed anywhere.
      #expect(wrong.exit == 1, "\(wrong.all)")
      #expect(wrong.all.contains("MESH-ELEVATE-WRONG-PASSWORD"), "\(wrong.all)")
      #expect(!terminal.shown().contains("this-one"))
      #expect(!exists(lab, "/etc/sudoers.d/meshctl"))
      try await SecretSearch(lab: lab).expectNothing(on: "alpha")
    }

    /// Runs prepare with a person who says yes and knows the password.
    ///
    /// - Returns: what it printed.
    @discardableResult
    private func prepare(
      _ lab: Lab, _ inventory: LabInventory, _ form: String = "--one-time", asksPassword: Bool,
      sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> String {
      let terminal = try Terminal()
      let ending = try await lab.meshctl("prepare", inventory, form, "alpha", terminal: terminal) {
        running in
        try await running.wait(for: "Do this on alpha?")
        try terminal.type("yes\n")
        guard asksPassword else { return }
        try await running.wait(for: "sudo password of pat on alpha")
        try terminal.type(lab.password + "\n")
      }
      #expect(ending.exit == 0, "\(ending.all)", sourceLocation: sourceLocation)
      let shown = terminal.shown()
      #expect(!shown.contains(lab.password), "\(shown)", sourceLocation: sourceLocation)
      try await SecretSearch(lab: lab).expectNothing(on: "alpha")
      return ending.output + ending.error
    }

    /// The host waits for a person, and the others would not.
    private func expectWaits(
      _ lab: Lab, _ inventory: LabInventory, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
      let waits = try await lab.meshctl("apply", inventory, "--auto-approve")
      #expect(waits.exit == 4, "\(waits.all)", sourceLocation: sourceLocation)
      #expect(
        waits.output.contains("meshctl prepare alpha"), "\(waits.all)",
        sourceLocation: sourceLocation)
    }

    private func exists(_ lab: Lab, _ path: String) -> Bool {
      FileManager.default.fileExists(atPath: lab.file(path, on: "alpha"))
    }
  }
}
