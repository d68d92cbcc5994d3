# Turns on Remote Login (SSH) of a Mac. Safe to run again. enable-ssh-prelude.sh stands in front.
#
# `systemsetup -setremotelogin on` wants Full Disk Access for the program it is run from since macOS 10.15;
# where that is missing launchd is asked, which does the same. The port stays 22: launchd owns it.

# From the prelude.
root=${root-} user=${user-} port=${port-} from=${from-} output=''

if [ -n "$port$from" ]; then
  fail "--port and --remote-address do nothing on macOS: launchd owns the port, and pf is yours"
fi
account=${user:-${SUDO_USER:-}}
[ -n "$account" ] || account=$(stat -f %Su /dev/console 2>/dev/null)
[ -n "$account" ] || fail "whose keys are these? add --user NAME"
run dscl . -read "/Users/$account" NFSHomeDirectory || fail "there is no account $account here"
# shellcheck disable=SC2034 # read by the prelude's add_keys
home=${output#*: }

# --- Remote Login.

is_on() { run launchctl print system/com.openssh.sshd; }

if is_on; then
  say "Remote Login is on already"
else
  run systemsetup -setremotelogin on
  # It says what is wrong, and ends with 0 all the same.
  case $output in
  *'Full Disk Access'*)
    say "systemsetup wants Full Disk Access for this terminal (System Settings, Privacy & Security); asking launchd"
    ;;
  esac
  if ! is_on; then
    run launchctl enable system/com.openssh.sshd
    run launchctl bootstrap system /System/Library/LaunchDaemons/ssh.plist ||
      run launchctl load -w /System/Library/LaunchDaemons/ssh.plist
    is_on || fail "Remote Login does not turn on; by hand: System Settings, General, Sharing, Remote Login"
  fi
  say "Remote Login is on"
fi

# Where this group exists, only its members may log in.
if run dscl . -read /Groups/com.apple.access_ssh; then
  run dseditgroup -o checkmember -m "$account" com.apple.access_ssh ||
    run dseditgroup -o edit -a "$account" -t user com.apple.access_ssh ||
    say "WARNING: $account may not log in by SSH: $(last_words)"
fi
firewall=/usr/libexec/ApplicationFirewall/socketfilterfw
if [ -x "$root$firewall" ] && run "$root$firewall" --getblockall; then
  case $output in
  *enabled* | *ENABLED*)
    say "WARNING: the firewall blocks all incoming connections: System Settings, Network, Firewall"
    ;;
  esac
fi

add_keys
say "ok: Remote Login is on, port 22"
