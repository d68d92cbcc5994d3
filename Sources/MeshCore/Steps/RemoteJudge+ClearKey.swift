/// What a client said to forgetting a refused key.
extension RemoteJudge {
  static func cleared(_ answer: RemoteAnswer, _ host: Host) -> Result<RemoteVerdict, Failure> {
    switch answer.report.isComplete ? answer.report.status("restart") : nil {
    case 0: return .success(RemoteVerdict(detail: "forgot the key"))
    // Without root nobody restarts it; expired at the server, the key lets nobody in.
    case 77: return .success(RemoteVerdict(detail: "root has to restart it to forget the key"))
    default:
      return .failure(
        cutOrFailed(answer, host, .clientStart, "the client could not be restarted", "restart"))
    }
  }
}
