# Takes back what `prepare` wrote here, and nothing else.
#
# PART       root (as root) | rule (as root; sudoers and doas alone) | key (as the login user)
# SUDOERS    the drop-in's path        SUDOERS_MARKER  its first line
# DOAS       doas.conf                 DOAS_MARKER, DOAS_LAST  first and last line of our block
# NOTE       where `prepare` noted the operator that it set, and the one before
# KEEP       yes: the inventory manages the operator, so it stays
# KEY_WORD   last word of authorized_keys lines that are ours
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"
  new=
  trap '[ -z "$new" ] || rm -f "$new"; meshctl_clean' EXIT

  plain_file() {
    [ -f "$1" ] && [ ! -L "$1" ]
  }

  # Every part answers `removed`, `absent`, or why it is left as it is.
  sudoers() {
    if [ ! -e "$SUDOERS" ] && [ ! -L "$SUDOERS" ]; then
      answer sudoers 0 absent
    elif ! plain_file "$SUDOERS" || [ "$(head -n 1 "$SUDOERS")" != "$SUDOERS_MARKER" ]; then
      answer sudoers 0 foreign
    elif rm -f "$SUDOERS" 2>>"$out"; then
      answer sudoers 0 removed
    else
      answer sudoers 1 failed
    fi
  }

  doas_block() {
    if ! plain_file "$DOAS" || ! grep -qxF "$DOAS_MARKER" "$DOAS"; then
      answer doas 0 absent
      return
    fi
    # Without our last line nobody knows where the block ends.
    if ! grep -qxF "$DOAS_LAST" "$DOAS"; then
      answer doas 0 foreign
      return
    fi
    umask 077
    # `cp -p` for owner and mode; the text is replaced after it.
    if new=$(mktemp "${DOAS%/*}/.meshctl.XXXXXXXXXX" 2>>"$out") &&
      cp -p "$DOAS" "$new" 2>>"$out" &&
      awk -v first="$DOAS_MARKER" -v last="$DOAS_LAST" '
        $0 == first { ours = 1 }
        !ours { print }
        $0 == last { ours = 0 }' "$DOAS" >"$new" 2>>"$out" &&
      mv -f "$new" "$DOAS" 2>>"$out"; then
      new=
      # A file that was ours alone goes.
      if [ ! -s "$DOAS" ]; then rm -f "$DOAS"; fi
      answer doas 0 removed
    else
      answer doas 1 failed
    fi
  }

  operator() {
    if ! plain_file "$NOTE"; then
      answer operator 0 absent
      return
    fi
    login=$(sed -n 1p "$NOTE")
    before=$(sed -n 2p "$NOTE")
    if [ "$KEEP" = yes ]; then
      rm -f "$NOTE"
      answer operator 0 kept
      return
    fi
    if ! have tailscale; then
      rm -f "$NOTE"
      answer operator 0 absent
      return
    fi
    prefs=$(limited 10 tailscale debug prefs 2>>"$out") || {
      answer operator 1 failed
      return
    }
    now=$(printf '%s\n' "$prefs" |
      sed -n 's/.*"OperatorUser"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' | head -n 1)
    if [ "$now" != "$login" ]; then
      rm -f "$NOTE"
      answer operator 0 changed
    elif limited 60 tailscale set "--operator=$before" >>"$out" 2>&1; then
      rm -f "$NOTE"
      rmdir "${NOTE%/*}" 2>/dev/null || :
      answer operator 0 removed
    else
      answer operator 1 failed
    fi
  }

  keys() {
    file=${HOME-}/.ssh/authorized_keys
    if [ ! -f "$file" ] || ! awk -v word="$KEY_WORD" '$NF == word { found = 1 } END { exit !found }' "$file"; then
      answer keys 0 absent
      return
    fi
    if [ -L "$file" ]; then
      echo "$file is a link" >>"$out"
      answer keys 0 foreign
      return
    fi
    umask 077
    if new=$(mktemp "$file.XXXXXXXXXX" 2>>"$out") &&
      cp -p "$file" "$new" 2>>"$out" &&
      awk -v word="$KEY_WORD" '$NF != word' "$file" >"$new" 2>>"$out" &&
      mv -f "$new" "$file" 2>>"$out"; then
      new=
      if have restorecon; then limited 10 restorecon "$file" >/dev/null 2>&1; fi
      answer keys 0 removed
    else
      answer keys 1 failed
    fi
  }

  if [ "$PART" = key ]; then
    keys
  else
    sudoers
    doas_block
    if [ "$PART" = root ]; then operator; fi
  fi
  answer_file evidence 0 "$out"
  finish
} </dev/null
