import Crypto
import Foundation
import MeshAdapters
import MeshCore

/// Plans in files.
enum PlanFile {
  static let limit = 256 << 20
  private static let what = "the plan"

  /// Reads a plan from a file or, for `-`, from standard input.
  ///
  /// - Throws: `Failure` for everything that is no plan.
  static func read(_ path: String) throws -> SavedPlan {
    try SavedPlan(bytes: try BoundedFile.read(path, limit: limit, what: what), file: path)
  }

  /// The plan in a file that may be an inventory as well; nil where it is not meant to be a plan.
  ///
  /// Only regular files are looked at, because the inventory's own reader comes after.
  static func recognised(_ path: String) throws -> SavedPlan? {
    guard path != "-", BoundedFile.isRegular(path) else { return nil }
    let bytes = try BoundedFile.read(path, limit: limit, what: "the inventory or plan")
    return SavedPlan.isPlan(bytes) ? try SavedPlan(bytes: bytes, file: path) : nil
  }

  /// Refuses early what `write` would refuse, before hosts are probed for nothing.
  ///
  /// - Returns: where the file really is, behind links.
  /// - Throws: `Failure`; a file that is no plan is never overwritten, since `--out inventory.yaml` is
  ///   easily typed.
  static func place(_ path: String) throws -> String {
    let place = try BoundedFile.followed(path, what: what)
    if BoundedFile.exists(place) {
      guard BoundedFile.isRegular(place),
        SavedPlan.isPlan(try BoundedFile.read(place, limit: limit, what: what))
      else {
        throw Failure(
          .planOut, "\(path) exists and is not a plan, so it is not overwritten",
          hint: "name another file, or remove it")
      }
    }
    try BoundedFile.requireWritable(place, what: what)
    return place
  }

  static func write(_ plan: Plan, to place: String) throws {
    try BoundedFile.write(PlanDocument.json(plan) + "\n", to: place, what: what)
  }

  /// The command that carries out a saved plan, with the flags that it has to be given again.
  ///
  /// A plan that was made without `--simulate` is carried out on the real mesh, whatever it was made
  /// from; a simulated one needs the same world and the same nodes again.
  static func command(_ plan: Plan, file: String, simulation: SimulationOptions) -> String {
    var words = ["meshctl apply", ShellQuoting.word(file)] + plan.flags.overrides
    if plan.simulated {
      words.append("--simulate")
      if let world = simulation.world { words += ["--world", ShellQuoting.word(world)] }
      if let nodes = simulation.nodes { words += ["--nodes", ShellQuoting.word(nodes)] }
      // Whoever pipes nodes in cannot answer as well.
      if simulation.nodes == "-" { words += ["--auto-approve", "<NODES"] }
    }
    return VisibleText.escaped(words.joined(separator: " "))
  }

  /// A plan's hash, for people to compare (`PlanFingerprint`).
  static func hash(_ plan: Plan) -> String {
    "sha256:" + hex(SHA256.hash(data: Data(PlanFingerprint.text(of: plan).utf8)))
  }

  /// Requires the inventory that a plan was made from, before anything of it is decoded or quoted: the
  /// path stands in the plan, and a plan may come from anybody.
  ///
  /// - Throws: `Failure` with `MESH-PLAN-INVENTORY` (exit 6) or `MESH-FILE-…`.
  static func requireInventory(of plan: Plan, in file: String) throws {
    let path = plan.inventoryPath
    let bytes = try BoundedFile.read(path, limit: 16 << 20, what: "the inventory of \(file)")
    let digest = "sha256:" + hex(SHA256.hash(data: Data(bytes)))
    guard digest != plan.inventoryDigest else { return }
    throw Failure(
      .planInventory, "\(path) is not the inventory that \(file) was made from",
      detail: "It was changed since, or another one stands at that place; nothing was done.",
      evidence: "the plan names \(plan.inventoryDigest), the file is \(digest)",
      hint: "plan again: meshctl plan \(path) --out \(file)")
  }

  private static func hex(_ digest: SHA256.Digest) -> String {
    digest.map { String(format: "%02x", $0) }.joined()
  }
}
