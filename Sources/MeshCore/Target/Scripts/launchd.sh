# What the scripts for macOS share; stands in front of them. Nothing here is run by itself.

# Homebrew is on no PATH of an SSH login; Apple silicon first.
brew_path() {
  for brew_candidate in /opt/homebrew/bin/brew /usr/local/bin/brew; do
    if [ -x "$brew_candidate" ]; then
      printf '%s\n' "$brew_candidate"
      return 0
    fi
  done
  return 1
}

# owner_of FILE: a name; `ls`, since BSD and GNU stat differ.
owner_of() {
  # shellcheck disable=SC2012 # one file, and only its owner is read
  ls -ld "$1" 2>/dev/null | awk '{ print $3; exit }'
}

# The jobs that may run the daemon: Homebrew's, and the one that tailscaled installs itself.
LAUNCHD_LABELS='homebrew.mxcl.tailscale com.tailscale.tailscaled'

launchd_plist() { # LABEL
  printf '/Library/LaunchDaemons/%s.plist\n' "$1"
}

# launchd_label: the first job that is installed; 1 where none is.
launchd_label() {
  for launchd_candidate in $LAUNCHD_LABELS; do
    if [ -e "$(launchd_plist "$launchd_candidate")" ]; then
      printf '%s\n' "$launchd_candidate"
      return 0
    fi
  done
  return 1
}

daemon_answers() {
  limited 10 tailscale status --json --peers=false >/dev/null 2>&1
}

# 20 seconds: a daemon on a slow disk takes several to load its state.
wait_until_answers() {
  wait_tries=0
  while [ "$wait_tries" -lt 20 ]; do
    if daemon_answers; then return 0; fi
    wait_tries=$((wait_tries + 1))
    sleep 1
  done
  return 1
}


# What the daemon's start reads here (upstream envknob.go: the open-source client on macOS).
MAC_ENVIRONMENT=/etc/tailscale/tailscaled-env.txt
# There while a daemon that runs was started before the file was changed.
MAC_PENDING=/var/run/meshctl-restart-tailscaled

# client_logs: `off` where no logs go to the vendor, in force and not only written down; else `on`.
client_logs() {
  if [ ! -e "$MAC_PENDING" ] &&
    grep -q -E -e '^TS_NO_LOGS_NO_SUPPORT=(true|1)$' "$MAC_ENVIRONMENT" 2>/dev/null; then
    echo off
  else
    echo on
  fi
}
