/// Headscale 0.29.3: registrations of tagged machines were repaired (upstream pull request 3394, read
/// there and not seen in a release).
package struct Rules0293: ModeRules {
  package let version = "0.29.3"
  package let commit = "e924e95ef14c403fd17565732cc74efc1e9ca434"
  package let buildTime = "2026-07-29T10:12:41Z"
  package let goVersion = "go1.27.3"
  package let locksOutTaggedNodes = false

  package init() {}

  /// A tagged key that is not the one the node joined with gives a tagged node its tags.
  package func registrationTarget(
    among nodes: [ServerNode], for key: ServerKey
  ) throws(RegistrationRefusal) -> RegistrationTarget {
    let target = try ownershipTarget(among: nodes, for: key)
    guard case .update(let id) = target, !key.tags.isEmpty,
      let node = nodes.first(where: { $0.id == id }), node.authKeyID != key.id
    else { return target }
    return .convert(id: id)
  }
}
