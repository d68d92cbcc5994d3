import Foundation

/// The end of the lab.
extension Lab {
  func down() async throws {
    if let folder = ProcessInfo.processInfo.environment["MESHCTL_LAB_KEEP"] {
      try await Shell.output(["cp", "-r", work("captured"), folder])
    }
    try sweep()
    try await sh("down")
  }

  /// What is still there of a lab that was taken down: links, namespaces, mounts, cgroups, processes, files.
  func leftovers() async throws -> [String] {
    let id = description.id
    var found: [String] = []
    func look(_ what: String, _ text: String) {
      for line in text.split(separator: "\n") where line.contains(id) || line.contains(state) {
        found.append("\(what): \(line)")
      }
    }
    look("link", try await Shell.output(["ip", "-o", "link"]))
    look("namespace", try await Shell.output(["ip", "netns", "list"]))
    look("mount", try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8))
    look(
      "cgroup",
      try await Shell.output(["find", "/sys/fs/cgroup", "-maxdepth", "2", "-name", "meshctl-lab-*"])
    )
    for pid in Processes.all() { look("process \(pid)", Processes.commandLine(pid)) }
    if FileManager.default.fileExists(atPath: state) { found.append("folder: \(state)") }
    return found
  }
}
