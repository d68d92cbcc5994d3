/// The journal, the metrics file and notifications.
extension Cause {
  static let trail: [Cause] = [
    Cause(
      .journalUnwritable, "changes are made that the journal does not hold",
      why:
        "The journal is history and decides nothing, so a run goes on without it. Its folder must"
        + " belong to the user who runs meshctl, and nobody else may write there.",
      look: "The path, and what the system said; `df` for a full disk.",
      next: "set XDG_STATE_HOME to a folder of that user, mode 0700", "meshctl log"),
    Cause(
      .journalUnreadable, "the journal cannot be read",
      why:
        "Its files belong to the user whose runs they are about, and are readable by that one only.",
      look: "The path, and what the system said.",
      next: "run meshctl log as that user, with the same XDG_STATE_HOME"),
    Cause(
      .journalForeign, "lines of the journal are left out, since they are no entries",
      why:
        "A full disk or a power failure can tear a line, a newer meshctl may write other ones, and"
        + " anybody may edit a file of theirs.",
      look: "How many lines, and in which file.", next: "nothing; the other entries are complete"),
    Cause(
      .metricsUnwritable, "the file of --metrics-file is not written",
      why:
        "A place that cannot be written is an error before anything is done. Found only at the end it is"
        + " a warning: monitoring then sees the values of an earlier run.",
      look: "The path, and what the system said.",
      next: "name a file in a folder where the user of the run may write",
      "alert on the age of meshctl_last_run_timestamp_seconds"),
    Cause(
      .notifyFailed, "the command of --notify failed or took too long",
      why: "Nobody was told. The run's exit status is not affected, and the next run with the same"
        + " trouble tries again.",
      look: "The command's exit status and the last line it wrote; all it wrote with -v.",
      passes: true, next: "try it by hand with a document of docs/trail.md on its standard input"),
    Cause(
      .notifyMemory, "what was told last cannot be read or written down",
      why: "Without it the same trouble is told after every run.",
      look: "The path, and what the system said.",
      next: "set XDG_STATE_HOME to a folder of that user, mode 0700",
      "delete the file: it costs one more notification and nothing else"),
  ]
}
