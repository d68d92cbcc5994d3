import Foundation

/// Where the programs under test are.
struct Programs: Sendable {
  let lab: String
  let meshctl: String
  let headscale: String

  struct Missing: Error, CustomStringConvertible {
    var description: String
  }

  init() throws {
    let environment = ProcessInfo.processInfo.environment
    let here = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let tests = here.deletingLastPathComponent().deletingLastPathComponent()
    let package = tests.deletingLastPathComponent().deletingLastPathComponent()
    lab = tests.appendingPathComponent("lab.sh").path
    func program(_ names: [String], built: String) throws -> String {
      let path =
        names.lazy.compactMap { environment[$0] }.first
        ?? package.appendingPathComponent(".build/debug/\(built)").path
      guard FileManager.default.isExecutableFile(atPath: path) else {
        throw Missing(description: "\(path) is no program: swift build, or set \(names[0])")
      }
      return path
    }
    meshctl = try program(["MESHCTL_BIN"], built: "meshctl")
    headscale = try program(
      ["MESHCTL_LAB_HEADSCALE", "MESHCTL_STANDIN_BIN"], built: "headscale-standin")
  }
}
