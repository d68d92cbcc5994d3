/// Headscale 0.29.2.
package struct Rules029: ModeRules {
  package let version = "0.29.2"
  package let commit = "8eea89488c642f3d5f617fab5493d5f51f6f4ad0"
  package let buildTime = "2026-07-01T14:47:39Z"
  package let goVersion = "go1.27.3"

  package init() {}
}
