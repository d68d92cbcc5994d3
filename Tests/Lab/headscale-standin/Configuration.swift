import Foundation
import YAMLReader

/// The few settings of a Headscale configuration that matter here; all others are ignored.
struct Configuration {
  /// Address and port of `listen_addr`.
  var address: String
  var port: UInt16
  var socket: String
  /// Beside `database.sqlite.path`.
  var stateFile: String

  struct Problem: Error, CustomStringConvertible {
    var description: String
  }

  init(file: String) throws {
    let settings = try Settings(file: file)
    let listen = try settings.text("listen_addr")
    guard let colon = listen.lastIndex(of: ":"),
      let port = UInt16(listen[listen.index(after: colon)...])
    else { throw Problem(description: "\(file): listen_addr has no port: \(listen)") }
    let host = String(listen[..<colon])
    address = host.isEmpty ? "0.0.0.0" : host
    self.port = port
    socket = try settings.text("unix_socket")
    stateFile = try settings.text("database", "sqlite", "path") + ".standin.json"
  }

  /// The one setting that the command line needs.
  static func socket(file: String) throws -> String {
    try Settings(file: file).text("unix_socket")
  }

  /// The texts of a YAML file by their path.
  private struct Settings {
    private let file: String
    private let root: YAMLNode

    init(file: String) throws {
      self.file = file
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      do throws(YAMLError) {
        root = try YAMLReader.read([UInt8](data))
      } catch {
        throw Problem(description: "\(file): \(error)")
      }
    }

    func text(_ path: String...) throws -> String {
      var node = root
      for name in path {
        guard case .mapping(let pairs) = node.content,
          let pair = pairs.first(where: { $0.key == name })
        else { throw Problem(description: "\(file): \(path.joined(separator: ".")) is missing") }
        node = pair.value
      }
      guard case .scalar(let scalar) = node.content else {
        throw Problem(description: "\(file): \(path.joined(separator: ".")) is no text")
      }
      return scalar.text
    }
  }
}
