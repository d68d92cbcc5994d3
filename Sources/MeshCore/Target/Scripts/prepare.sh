# Gives the login user what meshctl needs here: one part a run, and again changes nothing.
#
# PART       sudoers | doas | operator (as root), key (as the login user)
# LOGIN      the login user
# PLACE      sudoers: the drop-in's path; doas: doas.conf; operator: where the note for --undo goes;
#            key: empty
# TEXT       sudoers: the whole file; doas: the lines with their markers; key: the authorized_keys line
# MARKER     first line of what is ours (sudoers, doas)
{
  meshctl_mkdir
  out=$MESHCTL_TMP/out
  : >"$out"
  new=
  trap '[ -z "$new" ] || rm -f "$new"; meshctl_clean' EXIT

  ended() { # STATUS TEXT
    answer prepared "$1" "$2"
    answer_file evidence 0 "$out"
    if [ "$PART" = operator ]; then client_section prefs tailscale debug prefs; fi
    finish
  }

  failed() { # STAGE WORDS
    [ -z "$2" ] || printf '%s\n' "$2" >>"$out"
    ended 1 "$1"
  }

  # A file that others may write, or a link to one, would hand root to them.
  plain_file() {
    [ -f "$1" ] && [ ! -L "$1" ]
  }

  put_in_place() { # MODE: from $new to $PLACE, in one instant
    {
      chown 0:0 "$new" && chmod "$1" "$new" && mv -f "$new" "$PLACE"
    } >>"$out" 2>&1 || failed write ''
    new=
    if have restorecon; then limited 10 restorecon "$PLACE" >/dev/null 2>&1; fi
  }

  sudoers() {
    folder=${PLACE%/*}
    [ -d "$folder" ] || failed folder "there is no $folder, so sudo reads no drop-ins here"
    have visudo || failed check 'visudo: not found, so the text cannot be checked'
    if [ -e "$PLACE" ] || [ -L "$PLACE" ]; then
      plain_file "$PLACE" || failed foreign "$PLACE is no plain file"
      [ "$(head -n 1 "$PLACE")" = "$MARKER" ] ||
        failed foreign "$PLACE does not begin with: $MARKER"
      if [ "$(cat "$PLACE")" = "$TEXT" ]; then
        { chown 0:0 "$PLACE" && chmod 0440 "$PLACE"; } >>"$out" 2>&1 || failed write ''
        ended 0 unchanged
      fi
      awk -v login="$LOGIN" '$1 == login { found = 1 } END { exit !found }' "$PLACE" ||
        failed other "$PLACE is for another user: $(grep ' ALL=' "$PLACE" | head -n 1)"
    fi
    # sudo skips names with a dot, so a half-written file never counts.
    umask 077
    new=$(mktemp "$folder/meshctl.XXXXXXXXXX" 2>>"$out") || failed write ''
    printf '%s\n' "$TEXT" >"$new" || failed write ''
    { chown 0:0 "$new" && chmod 0440 "$new"; } >>"$out" 2>&1 || failed write ''
    limited 20 visudo -cf "$new" >>"$out" 2>&1 || failed check ''
    put_in_place 0440
    ended 0 written
  }

  doas_rule() {
    folder=${PLACE%/*}
    [ -d "$folder" ] || failed folder "there is no $folder"
    have doas || failed check 'doas: not found, so the text cannot be checked'
    umask 077
    new=$(mktemp "$folder/.meshctl.XXXXXXXXXX" 2>>"$out") || failed write ''
    mode=0400
    if [ -e "$PLACE" ] || [ -L "$PLACE" ]; then
      plain_file "$PLACE" || failed foreign "$PLACE is no plain file"
      if grep -qxF "$MARKER" "$PLACE"; then
        grep -qxF "permit nopass $LOGIN as root" "$PLACE" ||
          failed other "$PLACE has a block of ours for another user"
        ended 0 unchanged
      fi
      # Its mode stays; the block goes last, where the last rule that fits decides.
      mode=$(mode_of "$PLACE")
      cat "$PLACE" >"$new" || failed write ''
      if [ -n "$(tail -c 1 "$new")" ]; then printf '\n' >>"$new"; fi
    fi
    printf '%s\n' "$TEXT" >>"$new" || failed write ''
    limited 20 doas -C "$new" >>"$out" 2>&1 || failed check ''
    put_in_place "$mode"
    ended 0 written
  }

  # The mode of a file in octal, from `ls`, since stat differs between systems.
  mode_of() {
    # shellcheck disable=SC2012 # one file, and only its mode is read
    ls -ld "$1" | awk '{
      for (g = 0; g < 3; g++) {
        v = 0
        for (b = 1; b <= 3; b++) if (substr($1, 1 + g * 3 + b, 1) ~ /[rwxst]/) v += 2 ^ (3 - b)
        o = o v
      }
      print "0" o
    }'
  }

  operator_now() {
    limited 10 tailscale debug prefs 2>/dev/null |
      sed -n 's/.*"OperatorUser"[[:space:]]*:[[:space:]]*"\([^"]*\)".*/\1/p' | head -n 1
  }

  note() { # TEXT
    new=$(mktemp "$PLACE.XXXXXXXXXX" 2>>"$out") || failed write ''
    printf '%s\n' "$1" >"$new" || failed write ''
    put_in_place 0644
  }

  operator() {
    have tailscale || failed client 'tailscale: not found'
    now=$(operator_now)
    [ "$now" != "$LOGIN" ] || ended 0 unchanged
    # The note of an earlier run knows what was before meshctl, where its operator is still the one.
    noted=
    before=$now
    if plain_file "$PLACE"; then
      noted=$(cat "$PLACE")
      [ "$(sed -n 1p "$PLACE")" != "$now" ] || before=$(sed -n 2p "$PLACE")
    fi
    # The note goes first: a run that is cut after `set` must still be undone.
    umask 022
    mkdir -p "${PLACE%/*}" 2>>"$out" || failed write ''
    note "$LOGIN
$before"
    limited 60 tailscale set "--operator=$LOGIN" >>"$out" 2>&1 || {
      if [ -n "$noted" ]; then note "$noted"; else rm -f "$PLACE"; fi
      failed set ''
    }
    [ "$(operator_now)" = "$LOGIN" ] || failed set 'the client does not report the new operator'
    ended 0 written
  }

  key() {
    [ -d "${HOME-}" ] || failed folder 'the login user has no home directory'
    folder=$HOME/.ssh
    file=$folder/authorized_keys
    blob=${TEXT#* }
    blob=${blob%% *}
    if [ -f "$file" ] && awk -v blob="$blob" '
      !/^[[:space:]]*#/ { for (i = 1; i <= NF; i++) if ($i == blob) found = 1 }
      END { exit !found }' "$file"; then
      ended 0 unchanged
    fi
    umask 077
    mkdir -p "$folder" 2>>"$out" || failed write ''
    # A last line without its line feed would swallow ours.
    if [ -s "$file" ] && [ -n "$(tail -c 1 "$file")" ]; then
      printf '\n' >>"$file" 2>>"$out" || failed write ''
    fi
    { printf '%s\n' "$TEXT" >>"$file"; } 2>>"$out" || failed write ''
    if have restorecon; then limited 10 restorecon -R "$folder" >/dev/null 2>&1; fi
    ended 0 written
  }

  case $PART in
    sudoers) sudoers ;;
    doas) doas_rule ;;
    operator) operator ;;
    key) key ;;
    *) failed part "$PART: unknown part" ;;
  esac
} </dev/null
