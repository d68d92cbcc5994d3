import Foundation
import Testing

/// `meshctl import` over saved lists, and what it refuses.
@Suite struct ImportCommandTests {
  static let nodes = #"""
    {"nodes": [{"id": "1", "machineKey": "mkey:\#(String(repeating: "a", count: 64))",
      "nodeKey": "nodekey:\#(String(repeating: "b", count: 64))", "name": "web-1",
      "givenName": "web-1", "tags": ["tag:web"], "online": true}]}
    """#

  static let ansible = """
    {"_meta": {"hostvars": {"web-1": {"ansible_host": "192.0.2.1", "ansible_password": "hunter2"},
      "extra": {}}}, "all": {"children": ["web"]}, "web": {"hosts": ["web-1", "extra"]}}
    """

  @Test func aBareListNeedsAServer() async throws {
    let scratch = try Scratch()
    let nodes = try scratch.file("nodes.json", Self.nodes)
    let ending = try await MeshctlProgram.run(["import", "--nodes", nodes], in: scratch.path)
    #expect(ending.exit == 1)
    #expect(ending.output.isEmpty)
    #expect(ending.errors.contains("error[MESH-IMPORT-SERVER-URL]"))
    #expect(ending.errors.contains("--server-url https://"))
  }

  @Test func nothingNamedSaysWhatToDo() async throws {
    let scratch = try Scratch()
    let ending = try await MeshctlProgram.run(["import"], in: scratch.path)
    #expect(ending.exit == 1)
    #expect(ending.errors.contains("no Headscale API is named"))
    #expect(ending.errors.contains("HEADSCALE_URL"))
  }

  @Test func aFileIsOverwrittenOnlyByForce() async throws {
    let scratch = try Scratch()
    let nodes = try scratch.file("nodes.json", Self.nodes)
    let out = try scratch.file("mine.yaml", "mine\n")
    let arguments = [
      "import", "--nodes", nodes, "--server-url", "https://mesh.example.com", "--out", out,
    ]
    let refused = try await MeshctlProgram.run(arguments, in: scratch.path)
    #expect(refused.exit == 1)
    #expect(refused.errors.contains("error[MESH-IMPORT-FILE-EXISTS]"))
    #expect(try String(contentsOfFile: out, encoding: .utf8) == "mine\n")
    let forced = try await MeshctlProgram.run(arguments + ["--force"], in: scratch.path)
    #expect(forced.exit == 0, "\(forced.errors)")
    #expect(try String(contentsOfFile: out, encoding: .utf8).contains("web-1:"))
    let valid = try await MeshctlProgram.run(["validate", out])
    #expect(valid.exit == 0, "\(valid.errors)")
  }

  @Test func ansibleIsTakenOverWithoutItsSecrets() async throws {
    let scratch = try Scratch()
    let nodes = try scratch.file("nodes.json", Self.nodes)
    let ansible = try scratch.file("ansible.json", Self.ansible)
    let ending = try await MeshctlProgram.run(
      [
        "import", "--nodes", nodes, "--server-url", "https://mesh.example.com", "--ansible",
        ansible,
      ], in: scratch.path)
    #expect(ending.exit == 0, "\(ending.errors)")
    #expect(ending.output.contains("address: 192.0.2.1"))
    #expect(ending.output.contains("extra: {}  # no node yet"))
    #expect(ending.output.contains("hosts: [extra, web-1]"))
    #expect(!(ending.output + ending.errors).contains("hunter2"))
    #expect(ending.errors.contains("joins 1 host and changes no other"))
  }

  @Test(arguments: [
    "", "[]", "{}", "{\"all\": 1}", "web-1 ansible_host=x", "{\"_meta\": {\"hostvars\": []}}",
    "{\"nodes\": []}",
  ]) func otherFilesAreNotAnsibles(text: String) async throws {
    let scratch = try Scratch()
    let nodes = try scratch.file("nodes.json", Self.nodes)
    let ansible = try scratch.file("ansible.json", text)
    let ending = try await MeshctlProgram.run(
      [
        "import", "--nodes", nodes, "--server-url", "https://mesh.example.com", "--ansible",
        ansible,
      ], in: scratch.path)
    #expect(ending.exit == 1)
    #expect(ending.output.isEmpty)
    #expect(ending.errors.contains("error[MESH-IMPORT-ANSIBLE]"))
    #expect(ending.errors.contains("ansible-inventory -i INVENTORY --list"))
  }

  @Test(arguments: [
    ["--format", "nodes", "--into", "x.yaml"], ["--format", "nodes", "--ansible", "x"],
    ["--format", "nodes", "--server-url", "https://x"], ["--force"],
    ["--server-url", "mesh.example.com"], ["x.yaml", "--into", "y.yaml"],
    ["--nodes", "-", "--ansible", "-"],
  ]) func whatDoesNotGoTogether(arguments: [String]) async throws {
    let ending = try await MeshctlProgram.run(["import"] + arguments)
    #expect(ending.exit == 64)
    #expect(ending.output.isEmpty)
  }

  /// Law 7: a saved list opens no connection and reads no secret.
  @Test func aSavedListNeedsNoKey() async throws {
    let scratch = try Scratch()
    let nodes = try scratch.file("nodes.json", Self.nodes)
    let mine = try scratch.file(
      "mine.yaml",
      """
      version: 1
      server:
        url: http://127.0.0.1:9
        api: {url: "http://127.0.0.1:9", key: {command: [touch, \(scratch.path)/ran]}}
      hosts: {}

      """)
    let ending = try await MeshctlProgram.run(["import", "--into", mine, "--nodes", nodes])
    #expect(ending.exit == 0, "\(ending.errors)")
    #expect(ending.output.contains("Replace `hosts: {}` (line 5)"))
    #expect(!FileManager.default.fileExists(atPath: scratch.path + "/ran"))
  }
}
