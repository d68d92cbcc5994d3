extension Host {
  /// The same host with only these attributes managed: what was not shown is not touched.
  func managing(only attributes: Set<Change.Attribute>) -> Host {
    var host = self
    func keep<Value>(_ attribute: Change.Attribute, _ path: WritableKeyPath<Host, Value?>) {
      if !attributes.contains(attribute) { host[keyPath: path] = nil }
    }
    keep(.acceptRoutes, \.preferences.acceptRoutes)
    keep(.acceptDNS, \.preferences.acceptDNS)
    keep(.tailscaleSSH, \.preferences.tailscaleSSH)
    keep(.shieldsUp, \.preferences.shieldsUp)
    keep(.operatorUser, \.preferences.operatorUser)
    keep(.advertisedRoutes, \.routes)
    keep(.advertisedRoutes, \.exitNode)
    return host
  }
}
