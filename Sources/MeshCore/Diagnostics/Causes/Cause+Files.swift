extension Cause {
  static let files: [Cause] = [
    Cause(
      .fileUnreadable, "a file cannot be opened or read", why: "It is missing, or may not be read.",
      look: "The path, and the error of the file system.", next: "ls -l FILE"),
    Cause(
      .fileNotRegular, "a directory or device stands where a file is needed",
      why: "Reading it could hang or never end.", look: "The path.", next: "ls -l FILE"),
    Cause(
      .fileTooLarge, "a file is larger than it may be",
      why: "Nothing that meshctl reads is that large; it is the wrong file.",
      look: "Its size, and the limit.", next: "ls -l FILE"),
    Cause(
      .fileUnwritable, "a file cannot be written",
      why: "The disk is full, the folder is missing or may not be written.",
      look: "The path, and the error of the file system.", next: "ls -ld FOLDER; df FOLDER"),
    Cause(
      .fileForeign, "a place that has to be this user's alone is not",
      why:
        "Whoever may write there could exchange what meshctl keeps, or what a machine will run as"
        + " administrator.",
      look: "Owner and mode of the folder or file, and of the folder it lies in; links in /tmp.",
      next: "ls -ld FILE; chmod go-w FILE", "set XDG_STATE_HOME to a folder of your own"),
    Cause(
      .fileOthersWrite, "others may change the inventory",
      why: "The inventory decides which machines get keys and which programs run here.",
      look: "The file's mode.", next: "chmod go-w FILE"),
    Cause(
      .outputFailed, "standard output cannot be written",
      why: "The disk is full, or who was reading has gone.", look: "The error of the write.",
      next: "write to a file that has room"),
    Cause(
      .lockHeld, "another run holds the lock",
      why: "Two runs on one mesh would act on each other's half-done work.",
      look: "The lock file, and the process that holds it.", passes: true,
      next: "wait, or add --lock-timeout SECONDS"),
    Cause(
      .lockUnusable, "the lock file cannot be used",
      why: "Its folder cannot be made or written, or the file is no lock of meshctl.",
      look: "The path under $XDG_STATE_HOME/meshctl/locks.",
      next: "ls -l the path; or set XDG_STATE_HOME"),
    Cause(
      .noTerminal, "a question would be asked, and standard input is no terminal",
      why: "Nobody could answer, so nothing was started.", look: "Standard input.",
      next: "add --auto-approve where nobody watches",
      "for passwords: become: {password: {env: NAME}}"),
    Cause(
      .declined, "the question was answered with no", why: "Nothing was done.",
      look: "The answer.", next: "meshctl apply, once you agree with the plan"),
  ]

  static let secret: [Cause] = [
    Cause(
      .secretEnvironment, "the environment variable of a secret is not set",
      why: "The inventory names where a secret is, never the secret.", look: "The variable's name.",
      next: "export NAME=…"),
    Cause(
      .secretFile, "the file of a secret cannot be read",
      why: "It is missing, no regular file, or too large.", look: "The path.", next: "ls -l FILE"),
    Cause(
      .secretPermissions, "others may read the file of a secret",
      why: "Whoever reads it can do what meshctl can.", look: "The file's mode and owner.",
      next: "chmod 600 FILE"),
    Cause(
      .secretCommand, "the command of a secret failed, or did not end in time",
      why: "A password manager may be locked, or wait for a person.",
      look: "Its exit status; what it printed is never shown.", passes: true,
      next: "run it by hand"),
    Cause(
      .secretEmpty, "the source of a secret gives an empty value",
      why: "An empty key or password is never right.", look: "Which source.",
      next: "check that source"),
    Cause(
      .secretForm, "a secret has several lines, or is no text",
      why: "Keys and passwords are one line; it is the wrong file or command.",
      look: "Which source.",
      next: "check that source"),
  ]

  static let selection: [Cause] = [
    Cause(
      .selUnknown, "a pattern names neither a host nor a group",
      why: "A misspelt name must not quietly choose nothing.", look: "--limit and --exclude.",
      next: "meshctl status, for the names"),
    Cause(
      .selPattern, "a pattern is empty, or cannot stand there",
      why: "Patterns are names, groups, globs and `!not`.", look: "--limit and --exclude.",
      next: "meshctl plan --help"),
    Cause(
      .selEmpty, "no host is left",
      why: "--limit and --exclude together leave nothing to do.", look: "--limit and --exclude.",
      next: "correct one of them"),
  ]

  static let simulation: [Cause] = [
    Cause(
      .worldFile, "the file of --world is not one that this version reads",
      why: "Another version wrote it, or it was edited.",
      look: "Where in the file, and what is there.",
      next: "delete it and begin anew, or correct the place"),
    Cause(
      .simulatedFault, "a fault that a test or a world file asked for",
      why: "It is a rehearsal; nothing real happened.", look: "`faults` in the file of --world.",
      next: "take the fault out of the file"),
  ]

  static let importing: [Cause] = [
    Cause(
      .importServerURL, "nothing says what hosts join",
      why: "An inventory needs server.url, and a node list does not hold it.",
      look: "HEADSCALE_URL and"
        + " --server-url.",
      next: "meshctl import --server-url URL"),
    Cause(
      .importFileExists, "a file that is to be written is there already",
      why: "An inventory is work of a person; it is not overwritten.", look: "The path.",
      next: "add --force where it may be replaced",
      "meshctl import --into FILE prints what it lacks"),
    Cause(
      .initFileExists, "the file that init is to write is there already",
      why: "An inventory is work of a person; init writes new files only.", look: "The path.",
      next: "meshctl init --out OTHER.yaml", "meshctl validate FILE, where it is an inventory"),
    Cause(
      .importAnsible, "a file is not the output of `ansible-inventory --list`",
      why: "meshctl reads that one form, which Ansible makes of any inventory.", look: "The file.",
      next: "ansible-inventory -i hosts --list > FILE"),
    Cause(
      .importAnsibleVariables, "something of Ansible could not be taken over",
      why: "A variable has no counterpart here, or holds a secret.", look: "The variable's name.",
      next: "write it into the inventory by hand where it matters"),
    Cause(
      .importNotEmpty, "a plan of the written inventory would not be empty",
      why: "Nodes changed while they were read, or something of them cannot be written down.",
      look: "The plan.", next: "meshctl plan FILE"),
    Cause(
      .importUnreadable, "the written inventory cannot be read back",
      why: "It is a defect of meshctl.", look: "The place in the written text.",
      next: "report it, with the names replaced"),
  ]
}
