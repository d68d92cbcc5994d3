import Foundation
import MeshCore
import Testing

/// Quoting and rendering, tried in real shells.
@Suite(.timeLimit(.minutes(2))) struct ScriptShellTests {
  @Test(arguments: ShellRun.shells) func tenThousandHostileStrings(shell: [String]) async throws {
    let pieces = [
      "'", "\"", "\\", "$", "`", "$(id)", "${x}", "\n", " ", "\t", "*", "?", "[", "~", "!", ";",
      "&",
      "|", "<", ">", "#", "%s", "-", "=", "é", "e\u{301}", "'\u{301}", "漢", "🙂", "\u{7F}", "\r",
      "a", "EOF", "\u{1}", "''", "'\\''", "\\n", "$'x'", "{a,b}",
    ]
    let texts = (0..<10_000).map { _ in
      (0..<Int.random(in: 0...12)).map { _ in pieces.randomElement() ?? "" }.joined()
    }
    // U+0002 stands in no text, so it can end each one.
    let script = texts.map { "printf '%s\\002' \(ShellQuoting.quoted($0))\n" }.joined()
    let said = Array(try await ShellRun.output(shell, script).utf8)
      .split(separator: 2, omittingEmptySubsequences: false).map(Array.init)
    #expect(said.count == texts.count + 1)
    #expect(zip(texts, said).first { Array($0.utf8) != $1 } == nil)
  }

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
