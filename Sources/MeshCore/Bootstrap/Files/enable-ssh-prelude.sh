# Stands in front of the enable-ssh script of every system: words, options, keys.
#
# --user            whose authorized_keys; default: who called sudo or doas
# --keys            public keys, one a line; default: the file authorized_keys beside this script
# --port            let sshd listen on this port too; default: its ports stay as they are (Linux only)
# --remote-address  open an active firewall for this network only; default: for all (Linux only)
#
# Keys are added to what is there, and nothing is taken away. What is done here is in
# /var/log/meshctl-enable-ssh.log. The same text works from standard input (bootstrap.command).

# A prefix for all paths: for tests.
root=${MESHCTL_BOOTSTRAP_ROOT-}
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
LC_ALL=C
export PATH LC_ALL
umask 022
log=$root/var/log/meshctl-enable-ssh.log
# shellcheck disable=SC2034 # read by the system's own part
user='' keys='' keys_file='' port='' from='' output='' account='' home=''

say() {
  printf 'enable-ssh: %s\n' "$*"
  printf '%s %s\n' "$(date -u +%Y-%m-%dT%H:%M:%SZ)" "$*" 2>/dev/null >>"$log" || :
}

fail() {
  say "FAILED: $*"
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# run COMMAND...: with its words in the log, and in $output.
run() {
  output=$("$@" 2>&1 </dev/null)
  set -- "$?" "$*"
  printf '+ %s\n%s\n(exit %s)\n' "$2" "$output" "$1" 2>/dev/null >>"$log" || :
  return "$1"
}

last_words() { printf '%s\n' "$output" | grep -v '^[[:space:]]*$' | tail -n 1; }

# shellcheck disable=SC2034
while [ "$#" -gt 0 ]; do
  case $1 in
  --user | --keys | --keys-text | --port | --remote-address)
    [ "$#" -gt 1 ] || fail "$1 needs a value"
    case $1 in
    --user) user=$2 ;;
    --keys) keys_file=$2 ;;
    --keys-text) keys=$2 ;;
    --port) port=$2 ;;
    --remote-address) from=$2 ;;
    esac
    shift 2
    ;;
  *) fail "what is $1? there is --user NAME, --keys FILE, --port N, --remote-address CIDR" ;;
  esac
done
case $port in
*[!0-9]*) fail "--port takes a number" ;;
esac
case $from in
*[!0-9A-Fa-f.:/]*) fail "--remote-address takes a network such as 10.0.0.0/24" ;;
esac
[ "$(id -u)" = 0 ] || fail "this needs root: put sudo in front"

# The keys are read before anything is changed.
if [ -z "$keys" ]; then
  case $0 in
  */*) beside=${0%/*}/authorized_keys ;;
  *) beside=./authorized_keys ;;
  esac
  [ -n "$keys_file" ] || [ ! -f "$beside" ] || keys_file=$beside
  if [ -n "$keys_file" ]; then
    keys=$(tr -d '\r' <"$keys_file") || fail "$keys_file cannot be read"
  fi
fi
case $keys in
*'PRIVATE KEY'*) fail "the keys hold a private key; it stays where it is, and only its .pub file comes here" ;;
esac

# Run as the account itself: root would follow links that it laid.
# shellcheck disable=SC2016 # expanded by the account's shell
merge='
umask 077
[ -d "$HOME/.ssh" ] || mkdir -m 700 "$HOME/.ssh" || exit 1
file=$HOME/.ssh/authorized_keys
[ -e "$file" ] || : >"$file" || exit 1
chmod 600 "$file"
added=0 kept=0 wrong=0
while IFS= read -r line; do
  case $line in
  "" | "#"*) continue ;;
  esac
  # A key is the word behind its type; what stands in the quotes of options is none.
  words=$(printf "%s\n" "$line" | sed "s/\\\\\"//g; s/\"[^\"]*\"//g")
  blob="" type=""
  while [ -n "$words" ]; do
    word=${words%%[ 	]*}
    case $type in
    ssh-* | ecdsa-sha2-* | sk-ssh-* | sk-ecdsa-*)
      case $word in
      *[!A-Za-z0-9+/=]*) ;;
      # The shortest, of ed25519, has 68.
      AAAA*) [ "${#word}" -lt 68 ] || [ "$((${#word} % 4))" != 0 ] || { blob=$word; break; } ;;
      esac
      ;;
    esac
    [ -z "$word" ] || type=$word
    case $words in *[" 	"]*) words=${words#*[ 	]} ;; *) words="" ;; esac
  done
  if [ -z "$blob" ]; then
    wrong=$((wrong + 1))
  elif grep -v "^[[:space:]]*#" "$file" | tr "\t\r " "\n\n\n" | grep -qxF -- "$blob"; then
    kept=$((kept + 1))
  else
    [ ! -s "$file" ] || [ -z "$(tail -c 1 "$file")" ] || echo >>"$file"
    printf "%s\n" "$line" >>"$file" || exit 1
    added=$((added + 1))
  fi
done
echo "$file: $added added, $kept there already, $wrong not a key"
[ "$wrong" = 0 ]
'

as_account() { # its standard input are the keys
  if [ "$(id -u "$account")" = 0 ]; then
    HOME=$root$home sh -c "$merge"
  elif has runuser; then
    HOME=$root$home runuser -u "$account" -- sh -c "$merge"
  elif has sudo; then
    sudo -u "$account" env "HOME=$root$home" sh -c "$merge"
  else
    su -s /bin/sh "$account" -c "$merge"
  fi
}

add_keys() {
  if [ -z "$keys" ]; then
    say "WARNING: no public key was given, so nobody is let in who was not before"
  elif output=$(printf '%s\n' "$keys" | as_account 2>&1); then
    say "$(last_words)"
  else
    fail "the keys of $account cannot be added: $(last_words)"
  fi
}
