import Foundation
import NIOSSL
import Testing

/// An authority and certificates for 127.0.0.1 and others, made by openssl for one test.
struct TestAuthority {
  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: "meshctl-tls-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try openssl(
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
      "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=meshctl test authority")
  }

  func file(_ name: String) -> String { folder.appending(path: name).path }

  func openssl(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["openssl"] + arguments
    process.currentDirectoryURL = folder
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "openssl \(arguments)")
  }

  /// A server context whose certificate names `name`.
  func server(name: String, expired: Bool = false) throws -> NIOSSLContext {
    try openssl(
      "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
      "s.key", "-out", "s.csr", "-subj", "/CN=server")
    try Data("subjectAltName=\(name)\n".utf8).write(to: folder.appending(path: "s.ext"))
    try openssl(
      "x509", "-req", "-in", "s.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
      "-out", "s.pem", "-extfile", "s.ext", "-days", expired ? "-1" : "2")
    return try NIOSSLContext(
      configuration: .makeServerConfiguration(
        certificateChain: NIOSSLCertificate.fromPEMFile(file("s.pem")).map { .certificate($0) },
        privateKey: .privateKey(NIOSSLPrivateKey(file: file("s.key"), format: .pem))))
  }

  func remove() { try? FileManager.default.removeItem(at: folder) }
}
