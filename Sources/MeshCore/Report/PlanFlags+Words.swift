/// How the flags of a plan are written on a command line.
extension PlanFlags {
  /// The flags that allow more than the inventory's guards do, each as one would type it.
  ///
  /// Only this program's own words and numbers; empty where a run keeps to the file.
  package var overrides: [String] {
    [
      prune ? "--prune" : nil, allowMove ? "--allow-move" : nil,
      maxDeletes.map { "--max-deletes \($0.text)" }, maxChanges.map { "--max-changes \($0.text)" },
    ].compactMap(\.self)
  }
}
