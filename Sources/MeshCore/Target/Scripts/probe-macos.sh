# Reads all facts of a Mac in one round trip; changes nothing, asks for no password.
{
  APP=/Applications/Tailscale.app

  # probed NAME COMMAND…: exit code, both outputs; 127 where the command is missing.
  probed() {
    probed_name=$1
    shift
    if have "$1"; then
      probed_text=$(limited 10 "$@" 2>&1)
      answer "$probed_name" $? "$probed_text"
    else
      answer "$probed_name" 127 "$1: not found"
    fi
  }

  yes_if() {
    if "$@"; then echo yes; else echo no; fi
  }

  # The client's command: Homebrew's, else the app's own program, which talks only to its own app.
  client=
  if have tailscale; then
    client=tailscale
  elif [ -x "$APP/Contents/MacOS/Tailscale" ]; then
    client=$APP/Contents/MacOS/Tailscale
    # Without it the program takes itself for the app and opens a window.
    TAILSCALE_BE_CLI=1
    export TAILSCALE_BE_CLI
  fi

  # Without a temporary file: a probe writes nothing. Warnings are dropped where the command succeeded.
  client_probed() {
    client_name=$1
    shift
    if [ -z "$client" ]; then
      client_code=127
      answer "$client_name" 127 'tailscale: not found'
      return
    fi
    client_text=$(limited 10 "$client" "$@" 2>/dev/null)
    client_code=$?
    if [ "$client_code" -ne 0 ]; then
      client_text=$(limited 10 "$client" "$@" 2>&1)
      client_code=$?
    fi
    answer "$client_name" "$client_code" "$client_text"
  }

  # daemon_state STATUS: STATUS is the exit code of `tailscale status`.
  daemon_state() {
    if [ "$1" -eq 0 ]; then
      echo running
    elif label=$(launchd_label); then
      if limited 10 launchctl print "system/$label" 2>/dev/null | grep -q 'state = running'; then
        echo running
      else
        echo stopped
      fi
    elif have tailscaled; then
      # Installed and never started as a service.
      echo stopped
    else
      echo missing
    fi
  }

  tools() {
    for tool in curl wget python3 bash openssl; do
      # /usr/bin/python3 is a stub that opens a window until the developer tools are there.
      if [ "$tool" = python3 ] && [ "$(command -v python3)" = /usr/bin/python3 ] &&
        ! limited 10 xcode-select -p >/dev/null 2>&1; then
        continue
      fi
      if have "$tool"; then echo "$tool"; fi
    done
  }

  probed uname uname -s
  probed machine uname -m
  probed product sw_vers -productVersion
  probed user id -un
  probed uid id -u
  probed groups id -Gn
  probed hostname uname -n
  probed sudo sudo -n true
  probed doas doas -n true
  answer init 0 launchd
  brew=$(brew_path)
  answer brew 0 "$brew"
  answer brew-owner 0 "$([ -z "$brew" ] || owner_of "$brew")"
  answer app 0 "$(yes_if test -d "$APP")"
  answer daemon 0 "$(launchd_label)"
  client_probed client-version version --json
  client_probed status status --json --peers=false
  answer service 0 "$(daemon_state "$client_code")"
  client_probed prefs debug prefs
  answer forwarding 0 ''
  answer client-logs 0 "$(client_logs)"
  answer ssh 0 "${SSH_CONNECTION-}"
  answer tools 0 "$(tools)"
  finish
} </dev/null
