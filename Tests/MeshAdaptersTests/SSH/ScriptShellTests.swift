import Foundation
import MeshCore
import Testing

/// Rendering, tried in real shells; quoting has `QuotingFuzzTests`.
@Suite(.timeLimit(.minutes(2))) struct ScriptShellTests {
  @Test(arguments: ShellRun.shells) func parametersAndSecretsArrive(shell: [String]) async throws {
    // A fake client shows what the script hands to it.
    let bin = try ShellRun.folder(
      with: "tailscale",
      """
      #!/bin/sh
      [ "$1" = up ] || exit 0
      for word; do printf '<%s>\\n' "$word"; done
      for word; do case $word in --auth-key=file:*) f=${word#--auth-key=file:};; esac; done
      printf 'key=%s mode=%s dir=%s\\n' "$(cat "$f")" "$(stat -c %a "$f")" "$(stat -c %a "${f%/*}")"
      printf 'where=%s\\n' "${f%/*}"
      env | grep -c -e hostile -e k3y -e '^ARGS' -e AUTH_KEY
      """)
    // Two joins exclude each other, and the shells are tried at the same time.
    try Data("#!/bin/sh\nexit 0\n".utf8).write(to: bin.appending(path: "flock"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: bin.appending(path: "flock").path)
    defer { try? FileManager.default.removeItem(at: bin) }
    let key = "hskey-auth-k3y-'$(id)'"
    let call = RemoteCall.join(
      arguments: ["--hostname=hostile '\"$(touch /tmp/meshctl-pwned)`id`", "--operator=a b"],
      key: .preAuthKey)
    let input = try ScriptRendering.standardInput(
      of: call, mark: "mark-1", secrets: [.preAuthKey: Secret(key)])
    // The login's environment holds names of ours; they must not come back exported.
    let output = try await ShellRun.output(
      shell, input.reveal(), path: bin.path, environment: ["ARGS": "hostile", "AUTH_KEY_FILE": "x"])
    let report = ScriptReport(parsing: output, mark: "mark-1")
    let lines = (report.text("up") ?? "").split(separator: "\n").map(String.init)
    try #require(report.isComplete && lines.count == 8, "\(output)")
    #expect(lines[1] == "<--hostname=hostile '\"$(touch /tmp/meshctl-pwned)`id`>")
    #expect(lines[2] == "<--operator=a b>")
    #expect(lines[3].hasPrefix("<--auth-key=file:/") && lines[4] == "<--timeout=60s>")
    #expect(lines[5] == "key=\(key) mode=600 dir=700")
    #expect(!FileManager.default.fileExists(atPath: String(lines[6].dropFirst("where=".count))))
    #expect(lines[7] == "0", "nothing of ours is in the environment")
    #expect(!FileManager.default.fileExists(atPath: "/tmp/meshctl-pwned"))
  }

  /// A fake client that anybody may put in the way is not handed a key, and neither is one that depends
  /// on the working directory.
  @Test("Programs are not taken from folders that anybody may write", arguments: ShellRun.shells)
  func openFoldersAreNoPath(shell: [String]) async throws {
    let fake = "#!/bin/sh\necho taken from an open folder\n"
    let open = try ShellRun.folder(with: "tailscale", fake)
    let own = try ShellRun.folder(with: "tailscale", "#!/bin/sh\necho real\n")
    defer {
      try? FileManager.default.removeItem(at: open)
      try? FileManager.default.removeItem(at: own)
    }
    for name in ["flock", "find", "id"] {
      for folder in [open] + (name == "flock" ? [own] : []) {
        try Data("#!/bin/sh\nexit 0\n".utf8).write(to: folder.appending(path: name))
        try FileManager.default.setAttributes(
          [.posixPermissions: 0o755], ofItemAtPath: folder.appending(path: name).path)
      }
    }
    try FileManager.default.setAttributes([.posixPermissions: 0o777], ofItemAtPath: open.path)
    let input = try ScriptRendering.standardInput(
      of: .join(arguments: ["--reset"], key: .preAuthKey), mark: "m",
      secrets: [.preAuthKey: Secret("hskey-1")])
    let script = "cd \(open.path) || exit 1\n" + input.reveal()
    let report = ScriptReport(
      parsing: try await ShellRun.output(
        shell, script, path: "\(open.path):.::bin:\(own.path)"), mark: "m")
    #expect(report.isComplete && report.text("up") == "real", "\(report)")
  }

  /// Whoever fills /tmp with the names that we might use gains nothing but to be passed over.
  @Test("Folders and links of others in /tmp are not used", arguments: ShellRun.shells)
  func preparedFoldersAreNotUsed(shell: [String]) async throws {
    let bin = try ShellRun.folder(
      with: "tailscale",
      """
      #!/bin/sh
      [ "$1" = up ] || exit 0
      for word; do case $word in --auth-key=file:*) f=${word#--auth-key=file:};; esac; done
      ls -ld "${f%/*}" | cut -c 1-10; readlink "${f%/*}" "$f"; cat "$f"
      """)
    defer { try? FileManager.default.removeItem(at: bin) }
    try Data("#!/bin/sh\nexit 0\n".utf8).write(to: bin.appending(path: "flock"))
    // A machine without mktemp, where the name can be guessed, and the attacker was first.
    try Data("#!/bin/sh\nexit 1\n".utf8).write(to: bin.appending(path: "mktemp"))
    for name in ["flock", "mktemp"] {
      try FileManager.default.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: bin.appending(path: name).path)
    }
    let input = try ScriptRendering.standardInput(
      of: .join(arguments: ["--reset"], key: .preAuthKey), mark: "m",
      secrets: [.preAuthKey: Secret("hskey-1")])
    let trap = "trap=/tmp/meshctl.$$\nln -s \(bin.path) \"$trap\"\n"
    let caught = try await ShellRun.output(
      shell, trap + input.reveal() + "\nrm -f \"$trap\"\n", path: bin.path)
    #expect(!caught.contains("hskey") && !caught.contains("m end 0"), "it stops instead")
    #expect(
      !FileManager.default.fileExists(atPath: bin.path + "/AUTH_KEY_FILE"), "no key was written")
    let left = try await ShellRun.output(
      ["bash"], "find /tmp -maxdepth 1 -name 'meshctl.*' -lname '\(bin.path)' -print -delete")
    #expect(left.split(separator: "\n").count <= 1)
    try FileManager.default.removeItem(at: bin.appending(path: "mktemp"))
    let report = ScriptReport(
      parsing: try await ShellRun.output(shell, input.reveal(), path: bin.path), mark: "m")
    #expect(report.text("up") == "drwx------\nhskey-1", "\(report)")
  }

  @Test(arguments: ShellRun.shells) func cutInputRunsNothing(shell: [String]) async throws {
    let whole = try ScriptRendering.standardInput(of: .elevate, mark: "m").reveal()
    for share in [0.2, 0.5, 0.9, 0.999] {
      let part = String(whole.prefix(Int(Double(whole.count) * share)))
      #expect(try await ShellRun.output(shell, part) == "", "\(share)")
    }
    #expect(try await ShellRun.output(shell, whole) != "")
  }

  @Test(arguments: ShellRun.shells) func bareUpHasNoFlag(shell: [String]) async throws {
    let bin = try ShellRun.folder(with: "tailscale", "#!/bin/sh\necho \"$#:$*\"\n")
    defer { try? FileManager.default.removeItem(at: bin) }
    try Data("#!/bin/sh\nexit 0\n".utf8).write(to: bin.appending(path: "flock"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: bin.appending(path: "flock").path)
    let input = try ScriptRendering.standardInput(
      of: .join(arguments: UpArguments.bare, key: nil), mark: "m")
    let report = ScriptReport(
      parsing: try await ShellRun.output(shell, input.reveal(), path: bin.path), mark: "m")
    #expect(report.text("up") == "1:up")
  }

  /// Leaving takes the client down and never logs it out; what is not there is no failure.
  @Test(arguments: ShellRun.shells) func leavingGoesDownOnly(shell: [String]) async throws {
    let input = try ScriptRendering.standardInput(of: .leave, mark: "m").reveal()
    let bin = try ShellRun.folder(
      with: "tailscale",
      "#!/bin/sh\n[ \"$1\" = down ] && { echo \"$#:$*\"; exit ${DOWN-0}; }\nexit 0\n")
    defer { try? FileManager.default.removeItem(at: bin) }
    for status in [0, 1] {
      let output = try await ShellRun.output(
        shell, input, path: bin.path, environment: ["DOWN": "\(status)"])
      let report = ScriptReport(parsing: output, mark: "m")
      #expect(report.isComplete)
      #expect(report.status("down") == status)
      #expect(report.text("down") == "1:down")
    }
    let nothing = ScriptReport(parsing: try await ShellRun.output(shell, input), mark: "m")
    #expect(nothing.status("down") == 0 && nothing.text("down") == "no client is installed")
  }

  /// `limited` with and without a `timeout` program, and the old busybox one.
  @Test(
    arguments: ShellRun.shells,
    [
      "", "timeout() { return 127; }\n",
      "timeout() { [ \"$1\" = -k ] && return 1; command timeout \"$@\"; }\n",
    ])
  func limitsHold(shell: [String], fake: String) async throws {
    let whole = try ScriptRendering.standardInput(of: .elevate, mark: "m").reveal()
    let prelude = try #require(whole.range(of: "  answer uid 0")).lowerBound
    // In place of the script's body: something that would take a minute.
    let script =
      "{\n" + fake + whole[..<prelude].dropFirst(2)
      + "limited 1 sleep 60; answer took $? ''; x=$(limited 5 echo in); answer echo $? \"$x\"; finish\n}\n}\n"
    let started = ContinuousClock.now
    let report = ScriptReport(parsing: try await ShellRun.output(shell, script), mark: "m")
    #expect(ContinuousClock.now - started < .seconds(45))
    #expect(report.isComplete && [124, 137, 143].contains(report.status("took") ?? 0))
    #expect(report.text("echo") == "in" && report.status("echo") == 0)
  }

  /// A terminated join ends its client and leaves no key.
  @Test(arguments: ShellRun.shells) func terminatedJoinLeavesNoKey(shell: [String]) async throws {
    let bin = try ShellRun.folder(
      with: "tailscale",
      "#!/bin/sh\nfor w; do case $w in --auth-key=file:*) echo \"${w#--auth-key=file:}\" >\"$SAW\";; esac; done\nexec sleep 60\n"
    )
    defer { try? FileManager.default.removeItem(at: bin) }
    try Data("#!/bin/sh\nexit 0\n".utf8).write(to: bin.appending(path: "flock"))
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o755], ofItemAtPath: bin.appending(path: "flock").path)
    let saw = bin.appending(path: "saw").path
    let input = try ScriptRendering.standardInput(
      of: .join(arguments: ["--reset"], key: .preAuthKey), mark: "m",
      secrets: [.preAuthKey: Secret("hskey-1")])
    let inner = bin.appending(path: "input").path
    try Data(input.reveal().utf8).write(to: URL(filePath: inner))
    let words = shell.joined(separator: " ")
    let driver = """
      export SAW=\(saw)
      \(words) -s <\(inner) >/dev/null 2>&1 & p=$!
      n=0; while [ ! -s "$SAW" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
      k=$(cat "$SAW"); [ -f "$k" ] && echo there
      kill -TERM $p; wait $p; echo "code=$?"
      [ -e "$k" ] || echo gone; [ -e "${k%/*}" ] || echo folder gone
      """
    let said = try await ShellRun.output(["bash"], driver, path: bin.path)
    #expect(said == "there\ncode=143\ngone\nfolder gone\n")
  }
}

/// The lock of a join stands on the real machine, so this suite has it for itself.
@Suite(
  .serialized, .timeLimit(.minutes(1)),
  .enabled(
    if: ShellRun.find("flock") != nil && FileManager.default.isWritableFile(atPath: "/run"),
    "needs flock and a writable /run"))
struct JoinLockTests {
  @Test(arguments: ShellRun.shells) func twoJoinsExcludeEachOther(shell: [String]) async throws {
    let bin = try ShellRun.folder(
      with: "tailscale", "#!/bin/sh\n[ \"$1\" = up ] && { : >\"$SAW\"; sleep 2; }\nexit 0\n")
    defer { try? FileManager.default.removeItem(at: bin) }
    let saw = bin.appending(path: "saw").path
    let input = try ScriptRendering.standardInput(
      of: .join(arguments: ["--reset"], key: nil), mark: "m")
    let inner = bin.appending(path: "input").path
    try Data(input.reveal().utf8).write(to: URL(filePath: inner))
    let words = shell.joined(separator: " ")
    let driver = """
      export SAW=\(saw)
      \(words) -s <\(inner) >\(bin.path)/first 2>&1 & p=$!
      n=0; while [ ! -e "$SAW" ] && [ $n -lt 100 ]; do sleep 0.1; n=$((n + 1)); done
      \(words) -s <\(inner) | grep '^m up'
      wait $p; grep '^m up' \(bin.path)/first
      \(words) -s <\(inner) | grep '^m up'
      """
    let said = try await ShellRun.output(["bash"], driver, path: bin.path)
    #expect(said == "m up 75\nm up 0\nm up 0\n")
  }
}
