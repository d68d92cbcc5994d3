import Foundation
import Testing

#if os(Linux)
  /// What another process of the same user, and a core dump, can get out of a run.
  @Suite(.timeLimit(.minutes(1))) struct ProcessHardeningTests {
    /// As another user where the tests run as root, who may read everything; `$MESHCTL` is copied, since
    /// that user may not come to where it was built.
    private static let frame = """
      set -u
      folder=$(mktemp -d /tmp/meshctl-test.XXXXXXXXXX) || exit 1
      trap 'rm -rf "$folder"' EXIT
      chmod 755 "$folder"; cd "$folder" || exit 1
      cp "$MESHCTL" meshctl && chmod 755 meshctl; mkfifo in; chmod 666 in
      as=; [ "$(id -u)" -ne 0 ] || as='setpriv --reuid=65534 --regid=65534 --clear-groups'

      """

    @Test("No core dump, and nobody of the same user looks into a run") func nobodyLooksIn()
      async throws
    {
      let scratch = try Scratch()
      let ending = try await MeshctlProgram.shell(
        Self.frame + """
          ONLY_HERE=precious $as sleep 60 & other=$!
          ONLY_HERE=precious $as ./meshctl show - <in >/dev/null 2>&1 & pid=$!
          exec 3>in
          # Until it is meshctl and has done both, the second being that its environment is closed.
          n=0
          until [ "$(cat /proc/$pid/comm)" = meshctl ] \\
            && grep -qs '^Max core file size  *0  *0 ' /proc/$pid/limits \\
            && ! $as cat /proc/$pid/environ >/dev/null 2>&1 || [ $n -ge 100 ]; do
            n=$((n + 1)); sleep 0.1
          done
          grep -c '^Max core file size  *0  *0 ' /proc/$pid/limits
          echo "others: $($as cat /proc/$other/environ 2>/dev/null | tr '\\0' '\\n' | grep -c precious)"
          echo "environ: $($as cat /proc/$pid/environ 2>/dev/null | tr '\\0' '\\n' | grep -c precious)"
          $as head -c 1 /proc/$pid/maps >/dev/null 2>&1; echo "maps: $?"
          $as sh -c "exec 4<>/proc/$pid/mem" 2>/dev/null; echo "mem: $?"
          exec 3>&-
          kill $other; wait $pid; echo "ended: $?"
          """, in: scratch.path)
      let lines = ending.output.split(separator: "\n").map(String.init)
      try #require(lines.count == 6, "\(ending)")
      #expect(lines[0] == "1", "no core dump")
      #expect(lines[1] == "others: 1", "the attack works on an ordinary process")
      #expect(lines[2] == "environ: 0")
      #expect(lines[3] == "maps: 1")
      #expect(lines[4] != "mem: 0")
      #expect(lines[5] == "ended: 1", "and it works as ever")
    }

    /// Files by descriptor (`<(…)`, /dev/stdin) are behind /proc/self, which is the run's own still.
    @Test func itsOwnDescriptorsStay() async throws {
      let scratch = try Scratch()
      let ending = try await MeshctlProgram.shell(
        Self.frame + """
          printf 'version: 1\\nserver: {url: "https://mesh.example.com"}\\nhosts: {web-1: {}}\\n' >good.yaml
          chmod 644 good.yaml
          $as sh -c './meshctl validate /dev/stdin <good.yaml'; echo "stdin: $?"
          $as bash -c './meshctl validate <(cat good.yaml)'; echo "descriptor: $?"
          """, in: scratch.path)
      #expect(
        ending.output.contains("stdin: 0") && ending.output.contains("descriptor: 0"), "\(ending)")
    }

    @Test("Programs that a run starts make no core dumps either, and are ordinary otherwise")
    func children() async throws {
      let scratch = try Scratch()
      let file = try scratch.file(
        "inventory.yaml",
        """
        version: 1
        server:
          url: http://127.0.0.1:1
          api:
            key:
              command:
                - sh
                - -c
                - 'echo "core=$(ulimit -c)/$(ulimit -H -c) self=$(head -c 1 /proc/self/maps | wc -c)" >&2; exit 3'
        hosts: {web-1: {}}

        """)
      let ending = try await MeshctlProgram.run(["plan", file])
      #expect(ending.errors.contains("core=0/0 self=1"), "\(ending)")
    }
  }
#endif
