/// Headscale's main branch at f20f1f12, which becomes 0.30.0.
///
/// Registration is still that of 0.29.2: pull request 3394 came later.
package struct Rules030: ModeRules {
  package let version = "0.30.0"
  package let commit = "f20f1f127842c74dd5f6e10254307b65b1aee936"
  package let buildTime = "2026-07-21T11:28:35Z"
  package let goVersion = "go1.26.5"
  package let generation = APIGeneration.problems
  package let keyForm = KeyForm.hex

  package init() {}
}
