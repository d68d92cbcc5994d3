import MeshCore
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

extension BoundedFile {
  /// Writes a file that must not be there yet.
  ///
  /// - Returns: False where something of that name is there, also a link that leads nowhere.
  /// - Throws: `Failure` with `MESH-FILE-UNWRITABLE`; nothing is left behind then.
  package static func create(_ text: String, at path: String, what: String) throws -> Bool {
    do {
      let descriptor = try FileDescriptor.open(
        FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .closeOnExec],
        permissions: [.ownerReadWrite, .groupRead, .otherRead])
      do {
        try descriptor.closeAfter { _ = try descriptor.writeAll(Array(text.utf8)) }
      } catch let error as Errno {
        unlink(path)
        throw error
      }
      return true
    } catch Errno.fileExists {
      return false
    } catch let error as Errno {
      throw Failure(
        .fileUnwritable, "cannot write \(what) \(path): \(error)",
        hint: "make its folder first, or name another file")
    }
  }
}
