# Runs the script in $MESHCTL_TMP/job so that a connection that breaks does not end it, and waits for it.
# A second call while it runs waits for the same one.
#
# JOB       what it is: the script with its parameters
# JOB_MARK  the mark of its answer
# JOB_LIMIT seconds to wait in all, less than the caller's own bound
{
  folder=/run/meshctl-job
  taken=$folder.$JOB_MARK
  job_spent=0
  trap 'rm -rf "$taken"; meshctl_clean' EXIT

  # take FILE: gives the folder the name $taken, for the one caller who renames FILE in it first.
  take() {
    mv "$folder/$1" "$folder/claimed" 2>/dev/null && mv "$folder" "$taken" 2>/dev/null
  }

  # alive: its starter runs; a pid of before a reboot says nothing, but then /run is empty.
  alive() {
    job_pid=$(cat "$folder/pid" 2>/dev/null)
    [ -n "$job_pid" ] && tr '\0' ' ' <"/proc/$job_pid/cmdline" 2>/dev/null | grep -q -e meshctl-job
  }

  # wait_for_job: 0 when it has ended with an answer.
  wait_for_job() {
    job_waited=0
    while [ ! -e "$folder/done" ]; do
      # Another call took the answer.
      [ -d "$folder" ] || return 3
      # It writes its pid a moment after the folder is there.
      if [ "$job_waited" -ge 20 ] && ! alive; then
        [ -e "$folder/done" ] && return 0
        # Another call is just taking it, unless it was ended in between.
        if [ -e "$folder/claimed" ]; then sleep 1; fi
        [ -d "$folder" ] || return 3
        return 1
      fi
      [ "$job_spent" -lt "$JOB_LIMIT" ] || return 2
      job_waited=$((job_waited + 1))
      job_spent=$((job_spent + 1))
      sleep 1
    done
  }

  start_job() {
    cp "$MESHCTL_TMP/job" "$folder/run" || return 1
    printf '%s\n' "$JOB_MARK" >"$folder/mark"
    printf '%s\n' "$JOB" >"$folder/what"
    cat >"$folder/start" <<'START'
folder=${0%/*}
echo $$ >"$folder/pid"
sh "$folder/run" >"$folder/report" 2>"$folder/errors" </dev/null
echo "$?" >"$folder/code"
mv "$folder/code" "$folder/done"
START
    if [ -d /run/systemd/system ] && have systemd-run; then
      # Its own unit: not even the end of the login session touches it. `--collect` is missing before
      # systemd 236.
      limited 30 systemd-run --quiet --collect "--unit=meshctl-job-$JOB_MARK" \
        /bin/sh "$folder/start" >"$folder/starter" 2>&1 && return 0
      limited 30 systemd-run --quiet "--unit=meshctl-job-$JOB_MARK" \
        /bin/sh "$folder/start" >>"$folder/starter" 2>&1 && return 0
    fi
    if have setsid; then
      setsid nohup sh "$folder/start" >/dev/null 2>&1 </dev/null &
    else
      nohup sh "$folder/start" >/dev/null 2>&1 </dev/null &
    fi
  }

  given_up() {
    answer stage 1 "$1"
    answer evidence 0 "$2"
    answer version 0 ''
    finish
  }

  tries=0
  while :; do
    if mkdir -m 0700 "$folder" 2>/dev/null; then
      start_job || given_up install "$folder cannot be written"
      mine=yes
    elif [ -e "$folder/done" ]; then
      # Whoever waits for it looks every second. Else it is the answer of a run whose connection broke;
      # what it did shows in what is installed.
      sleep 3
      take 'done' && rm -rf "$taken"
      mine=
    elif [ ! -d "$folder" ]; then
      # No folder of ours; `-f` leaves one alone that another call makes meanwhile.
      rm -f "$folder" 2>/dev/null
      mine=
    else
      mine=$([ "$(cat "$folder/what" 2>/dev/null)" = "$JOB" ] && echo yes)
    fi
    if [ -d "$folder" ]; then
      wait_for_job
      case $? in
        0)
          if [ -n "$mine" ]; then
            take 'done' && break
          else
            sleep 3
            take 'done' && rm -rf "$taken"
          fi
          ;;
        3) ;;
        2) given_up busy 'an installation that was started before still runs' ;;
        *)
          # Its starter may have been ended before it wrote anything.
          : >>"$folder/dead"
          if take dead; then
            said=$(tail -n 1 "$taken/errors" 2>/dev/null)
            rm -rf "$taken"
            [ -z "$mine" ] || given_up install "the detached installation was ended: ${said:-it left no answer}"
          fi
          ;;
      esac
    fi
    tries=$((tries + 1))
    if [ "$tries" -ge 4 ]; then
      [ -d "$folder" ] || given_up install "$folder cannot be made"
      given_up busy 'other installations come in between'
    fi
  done

  head -c 4096 "$taken/errors" >&2
  sed "s/^$(cat "$taken/mark") /$MESHCTL_MARK /" "$taken/report"
  exit 0
} </dev/null
