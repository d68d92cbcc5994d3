/// Starts the client's service and, where it was taken down, brings it up again as it was.
package struct StartServiceStep: Sendable, Equatable {
  /// True where the client is `Stopped`: a bare `tailscale up` follows.
  package var resumes: Bool
  /// True for a repair: the node has to come online.
  package var waits: Bool
  /// False where the daemon runs already and only root could do more.
  package var starts: Bool
  /// Seconds that the node has to stay online; 0 where one look will do (a wait alone).
  ///
  /// On Windows a client may go offline again with the session that ran `up` (tailscale 6763).
  package var lasting: Int

  package init(resumes: Bool, waits: Bool = false, starts: Bool = true, lasting: Int = 0) {
    self.resumes = resumes
    self.waits = waits
    self.starts = starts
    self.lasting = lasting
  }

  var payload: StepPayload {
    var effects: [Effect] = starts ? [.remote(.startService)] : []
    if resumes { effects.append(.remote(.join(arguments: UpArguments.bare, key: nil))) }
    if waits { effects.append(.wait(.joined(timeout: 60, lasting: lasting))) }
    return StepPayload(effects)
  }
}
