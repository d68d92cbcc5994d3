/// Fakes of the programs that the installing scripts call: words and exit codes of the real ones.
///
/// `@ROOT@/mood` says what goes wrong: one word a line.
enum FakePrograms {
  static let always = [
    "curl": curl, "pidof": "#!/bin/sh\ncat '@ROOT@/run/pid' 2>/dev/null\n",
    "dpkg-query": "#!/bin/sh\ngrep -q owned '@ROOT@/mood' 2>/dev/null\n",
    "modprobe": "#!/bin/sh\nexit 1\n", "mknod": "#!/bin/sh\nexit 1\n",
  ]

  /// `curl -o FILE --url URL` from the folder `mirror`.
  static let curl = """
    #!/bin/sh
    while [ $# -gt 0 ]; do
      case $1 in
        -o) out=$2; shift ;;
        --url) url=$2; shift ;;
      esac
      shift
    done
    path=${url#http://mirror/}; path=${path%%\\?*}
    case $path in '' | */) path=${path}index.html ;; esac
    [ -f "@ROOT@/mirror/$path" ] || {
      echo 'curl: (22) The requested URL returned error: 404' >&2
      exit 22
    }
    cp "@ROOT@/mirror/$path" "$out"
    """

  static let client = """
    #!/bin/sh
    case $1 in
      version) printf '%s\\n  tailscale commit: 53a0d659\\n' '@VERSION@' ;;
      status)
        [ -s '@ROOT@/run/daemon' ] || {
          echo "failed to connect to local tailscaled; it doesn't appear to be running (sudo systemctl start tailscaled ?)" >&2
          exit 1
        }
        printf '{\\n  "Version": "%s-t53a0d659a",\\n  "BackendState": "NeedsLogin"\\n}\\n' "$(cat '@ROOT@/run/daemon')"
        ;;
      debug) echo '{"ControlURL": ""}' ;;
    esac
    """

  /// Starts the daemon of the version on disk, unless the mood is against it.
  static let systemctl = """
    #!/bin/sh
    echo "systemctl $*" >>'@ROOT@/log'
    case $1 in
      start | restart)
        grep -q "bad-daemon" '@ROOT@/mood' 2>/dev/null && {
          if [ "$(tailscale version | head -n 1)" = "$(cat '@ROOT@/bad-version')" ]; then
            rm -f '@ROOT@/run/daemon'
            echo 'Job for tailscaled.service failed because the control process exited with error code.' >&2
            exit 1
          fi
        }
        tailscale version | head -n 1 >'@ROOT@/run/daemon'
        ;;
    esac
    """

  private static let common = """
    #!/bin/sh
    echo "${0##*/} $*" >>'@ROOT@/log'
    mood() { grep -qx -e "$1" '@ROOT@/mood' 2>/dev/null; }
    # once MOOD: true the first time only.
    once() { mood "$1" && sed -i "/^$1\\$/d" '@ROOT@/mood'; }
    offered() { grep -qx -e "$1" '@ROOT@/offered'; }
    newest() { tail -n 1 '@ROOT@/offered'; }
    put() { cp "@ROOT@/templates/$1" '@ROOT@/usr/bin/tailscale'; }
    present() { tailscale version 2>/dev/null | head -n 1; }

    """

  static let dnf =
    common + """
      for word; do last=$word; done
      case " $* " in
        *' makecache '*)
          mood bad-key && {
            echo 'repomd.xml GPG signature verification error: Bad GPG signature'
            echo "Error: Failed to download metadata for repo 'tailscale-stable': repomd.xml GPG signature verification error: Bad GPG signature" >&2
            exit 1
          }
          exit 0
          ;;
      esac
      once locked && { echo 'Failed to obtain the transaction lock (logged in as: root).' >&2; exit 200; }
      version=${last#tailscale}; version=${version#-}
      case " $* " in
        *' downgrade '*) offered "$version" || exit 1; put "$version"; exit 0 ;;
        *' upgrade '*) put "$(newest)"; exit 0 ;;
      esac
      mood missing && { echo 'No match for argument: tailscale'; echo 'Error: Unable to find a match: tailscale' >&2; exit 1; }
      if [ -z "$version" ]; then put "$(newest)"; echo 'Complete!'; exit 0; fi
      offered "$version" || {
        if mood dnf5; then
          printf 'Failed to resolve the transaction:\\nNo match for argument: %s\\nYou can try to add to command line:\\n  --skip-unavailable to skip unavailable packages\\n' "$last" >&2
        else
          printf 'No match for argument: %s\\n' "$last"; printf 'Error: Unable to find a match: %s\\n' "$last" >&2
        fi
        exit 1
      }
      # dnf 5 does not go down by itself.
      if mood dnf5 && [ -n "$(present)" ] && [ "$(printf '%s\\n%s\\n' "$(present)" "$version" | sort -V | tail -n 1)" = "$(present)" ]; then
        echo "Package \\"$last\\" is already installed."; echo 'Nothing to do.'; exit 0
      fi
      put "$version"; echo 'Complete!'
      """

  static let zypper =
    common + """
      once locked && {
        echo 'System management is locked by the application with pid 4711 (/usr/bin/zypper).'
        echo 'Close this application before trying again.'
        exit 7
      }
      for word; do last=$word; done
      case " $* " in
        *' refresh '*)
          mood bad-key && { echo "Signature verification failed for file 'repomd.xml' from repository 'Tailscale stable'."; exit 4; }
          exit 0
          ;;
        *' update '*) put "$(newest)"; exit 0 ;;
      esac
      version=${last#tailscale}; version=${version#=}
      if [ -z "$version" ]; then put "$(newest)"; mood remark && exit 106; exit 0; fi
      offered "$version" || { echo "No provider of '$last' found."; exit 104; }
      case " $* " in *' --oldpackage '*) put "$version"; exit 0 ;; esac
      echo "'tailscale' is already installed."
      """

  static let pacman =
    common + """
      case " $* " in
        *' -Qo '*) exit 1 ;;
        *' -Si '*) printf 'Repository      : extra\\nName            : tailscale\\nVersion         : %s-1\\n' "$(newest)"; exit 0 ;;
      esac
      once locked && {
        printf 'error: failed to init transaction (unable to lock database)\\nerror: could not lock database: File exists\\n' >&2
        exit 1
      }
      case " $* " in *' -Sy '*) mood offline && { echo "error: failed to synchronize all databases (failed to retrieve some files)" >&2; exit 1; }; rm -f '@ROOT@/old-lists' ;; esac
      if [ -e '@ROOT@/old-lists' ]; then
        echo "error: failed retrieving file 'tailscale-1.80.0-1-x86_64.pkg.tar.zst' from mirror : The requested URL returned error: 404" >&2
        echo 'error: failed to commit transaction (failed to retrieve some files)' >&2
        exit 1
      fi
      put "$(newest)"
      """

  static let apk =
    common + """
      once locked && {
        printf 'ERROR: Unable to lock database: Resource temporarily unavailable\\nERROR: Failed to open apk database: Resource temporarily unavailable\\n' >&2
        exit 99
      }
      case " $* " in
        *' info '*) exit 0 ;;
        *' update '*) mood offline && { echo 'ERROR: https://mirror/alpine/v3.22/main: DNS lookup error' >&2; exit 1; }; exit 0 ;;
        *' policy '*) echo 'tailscale policy:'; sed 's/.*/  &-r2:/' '@ROOT@/offered'; exit 0 ;;
      esac
      grep -q '/community' '@ROOT@/etc/apk/repositories' || {
        printf 'ERROR: unable to select packages:\\n  tailscale (no such package):\\n    required by: world[tailscale]\\n' >&2
        exit 1
      }
      put "$(newest)"; echo 'OK: 1 MiB in 20 packages'
      """

  static let apt =
    common + """
      once locked && {
        echo 'E: Could not get lock /var/lib/apt/lists/lock. It is held by process 4711 (apt-get)' >&2
        exit 100
      }
      case " $* " in
        *' update '*)
          mood bad-key && { echo "E: The repository 'http://mirror/debian bookworm InRelease' is not signed." >&2; exit 100; }
          exit 0
          ;;
      esac
      version=$(newest)
      for word; do case $word in tailscale=*) version=${word#tailscale=} ;; esac; done
      mood missing && { echo 'E: Unable to locate package tailscale' >&2; exit 100; }
      offered "$version" || { echo "E: Version '$version' for 'tailscale' was not found" >&2; exit 100; }
      put "$version"; echo "Setting up tailscale ($version) ..."
      """
}
