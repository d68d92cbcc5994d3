# Runs the script in $MESHCTL_TMP/job so that a connection that breaks does not end it, and waits for it.
# A second call while it runs waits for the same one.
#
# JOB       what it is: the script with its parameters
# JOB_MARK  the mark of its answer
{
  folder=/run/meshctl-job

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
        return 1
      fi
      [ "$job_waited" -lt 1500 ] || return 2
      job_waited=$((job_waited + 1))
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
    elif [ ! -d "$folder" ] || [ -e "$folder/done" ]; then
      # The answer of a run whose connection broke; what it did shows in what is installed.
      rm -rf "$folder" 2>/dev/null
      mine=
    else
      mine=$([ "$(cat "$folder/what" 2>/dev/null)" = "$JOB" ] && echo yes)
    fi
    if [ -d "$folder" ]; then
      wait_for_job
      case $? in
        0) [ -z "$mine" ] || break ;;
        3) ;;
        2) given_up busy 'an installation that was started before still runs' ;;
        *)
          if [ -n "$mine" ]; then
            said=$(tail -n 1 "$folder/errors" 2>/dev/null)
            rm -rf "$folder"
            given_up install "the detached installation was ended: ${said:-it left no answer}"
          fi
          ;;
      esac
      rm -rf "$folder"
    fi
    tries=$((tries + 1))
    if [ "$tries" -ge 4 ]; then
      [ -d "$folder" ] || given_up install "$folder cannot be made"
      given_up busy 'other installations come in between'
    fi
  done

  head -c 4096 "$folder/errors" >&2
  sed "s/^$(cat "$folder/mark") /$MESHCTL_MARK /" "$folder/report"
  rm -rf "$folder"
  exit 0
} </dev/null
