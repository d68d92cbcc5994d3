/// One entry of `guards.ignore`: a glob over names, or a tag.
struct IgnorePattern {
  let tag: String?
  let glob: Glob

  init(_ text: String) {
    tag = text.hasPrefix("tag:") ? text : nil
    glob = Glob(text)
  }

  func matches(_ node: MeshNode) -> Bool {
    if let tag { return node.tags.contains(tag) }
    return glob.matches(node.givenName)
  }
}
