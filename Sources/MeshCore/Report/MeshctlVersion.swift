/// This program's own version, as plans and `--version` state it.
package enum MeshctlVersion {
  package static let current = "0.1.0"
}
