import MeshCore
import Testing

/// What rendering refuses; what shells make of it is tested with the adapters.
@Suite struct ScriptRenderingTests {
  @Test func rendersAsASecretInOneGroup() throws {
    let call = RemoteCall.join(arguments: ["--hostname=it's"], key: .preAuthKey)
    let input = try ScriptRendering.standardInput(
      of: call, mark: "m", secrets: [.preAuthKey: Secret("hskey-1")])
    #expect("\(input)" == "(secret)")
    let text = input.reveal()
    #expect(text.hasPrefix("{\n") && text.hasSuffix("\n}\n"))
    #expect(text.contains("unset ARGS\nARGS='--hostname=it'\\''s'\n"))
    #expect(!text.contains("export ARGS"))
  }

  @Test func unfitValues() {
    func refused(_ call: RemoteCall, _ mark: String = "m", _ secrets: [SecretSlot: Secret] = [:]) {
      let failure = #expect(throws: Failure.self) {
        try ScriptRendering.standardInput(of: call, mark: mark, secrets: secrets)
      }
      #expect(failure?.diagnostic.code == .scriptValue)
    }
    func call(_ name: String, _ value: String) -> RemoteCall {
      RemoteCall(.elevate, parameters: [.init(name, value)], elevated: false, timeout: 1)
    }
    refused(call("A", "x\0y"))
    for name in ["", "a", "1A", "A-B", "PATH", "MESHCTL_MARK", "IFS", "A=1;B"] {
      refused(call(name, "x"))
    }
    for mark in ["", "a b", "a'b", "a\nb"] { refused(call("A", "x"), mark) }
    let join = RemoteCall.join(arguments: [], key: .preAuthKey)
    refused(join)
    refused(join, "m", [.preAuthKey: Secret("")])
    refused(join, "m", [.preAuthKey: Secret("x\nEND-m\nrm -rf /")])
  }
}
