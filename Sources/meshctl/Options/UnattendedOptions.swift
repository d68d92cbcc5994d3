import ArgumentParser

/// How an apply behaves that nobody watches.
struct UnattendedOptions: ParsableArguments {
  @Flag(
    name: [.short, .long],
    help: ArgumentHelp(
      "Say nothing where the mesh matches, else only what changed and what did not work; needs "
        + "--auto-approve."))
  var quiet = false

  @Flag(
    help: ArgumentHelp(
      "Try every host now. Otherwise, with --auto-approve, a host that keeps failing is tried less "
        + "and less often: once in 5 minutes, after an hour once an hour, after a day once a day."))
  var retryNow = false

  /// Refuses what would have to ask.
  func check(autoApprove: Bool, askBecomePass: Bool) throws {
    guard quiet else { return }
    if !autoApprove {
      throw ValidationError("--quiet asks nothing, so it needs --auto-approve.")
    }
    if askBecomePass {
      throw ValidationError(
        "--quiet asks nothing, so it cannot be used with --ask-become-pass: write become: "
          + "{password: …} in the inventory.")
    }
  }
}
