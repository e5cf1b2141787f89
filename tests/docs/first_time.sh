#!/usr/bin/env bash
# Does what README.md says and no more, as one who has nothing but a clone: up to a gate on articles of one's own.
#
#   tests/docs/first_time.sh                      clone the last commit, install, and everything (needs a package index)
#   tests/docs/first_time.sh --project README.md  only the section on articles and a gate, with the tercet that is there
#
# Nothing is taken from the environment but the PATH, without any virtual environment, and what pip and git need for
# the network: HOME is a fresh folder. Commands and files are the README's own blocks, so that there is one text to
# keep right; "exit code 1" in a command's comment is what it must end with. Each step's seconds are printed, and
# their sum; the first step that ends otherwise ends everything, with exit code 1.
set -o pipefail

# What the README calls the section that ends the path; and, of what it marks as not run, what is run here.
LAST='## Your articles, and a gate'
SETUP='<!-- not run: sets up an environment -->'

# Runs one command line of the README in this shell, so that `cd` and `source` last.
step() {
  local line=$1 wanted=0 began=$EPOCHREALTIME code
  [[ $line =~ \#.*exit\ code\ ([0-9]+) ]] && wanted=${BASH_REMATCH[1]}
  (exit "$status")  # the shell's $? is that of the command before, as the reader of `echo $?` sees it
  eval "$line" >"$log" 2>&1 </dev/null
  code=$?
  awk -v a="$began" -v b="$EPOCHREALTIME" -v line="${line%%  *}" 'BEGIN {printf "%7.1f s  %s\n", b - a, line}'
  if ((code != wanted)); then
    tail -n 30 "$log"
    echo "Exit code $code, and not $wanted: $line"
    exit 1
  fi
  status=$code
}

# Reads a README, and does what stands in its blocks: runs those of sh, writes those that the words above name.
follow() {
  local line more above='' inside='' language='' file='' status=0 active=$1
  while IFS= read -r line <&3; do
    while [[ $inside && $language == sh && $line == *\\ ]]; do
      IFS= read -r more <&3
      line=${line%\\}$more
    done
    if [[ $inside && $line == '```' ]]; then
      inside='' above=''
    elif [[ $inside ]]; then
      if [[ $language == sh && ! $above == '<!-- '* && $line =~ [^[:space:]] ]]; then
        step "$line"
      elif [[ $file ]]; then
        printf '%s\n' "$line" >>"$file"
      fi
    elif [[ $line == '```'* ]]; then
      inside=yes language=${line#'```'} file=''
      [[ $above == "$SETUP" ]] && above=''
      [[ $active ]] || above='<!-- before the section -->'
      if [[ $language != sh && $active && $above =~ \`([a-zA-Z0-9_./-]+)\`:$ ]]; then
        file=${BASH_REMATCH[1]}
        mkdir -p "$(dirname "$file")" && : >"$file"
      fi
    elif [[ $line == '## '* ]]; then
      [[ $reached ]] && return
      [[ $line == "$LAST" ]] && reached=yes active=yes
    elif [[ $line ]]; then
      above=$line
    fi
  done 3<"$2"
}

# Prints what a clean environment keeps: the PATH without virtual environments, and the settings of pip and the network.
kept() {
  local bare=$PATH name
  [[ ${VIRTUAL_ENV:-} ]] && bare=${bare//"$VIRTUAL_ENV/bin:"/}
  printf 'PATH=%s\0' "$bare"
  for name in $(compgen -e); do
    [[ $name == PIP_* || ${name,,} == *_proxy || $name == SSL_CERT_FILE || $name == TMPDIR ]] && printf '%s=%s\0' "$name" "${!name}"
  done
}

# Clones, and follows the README from its first line.
whole() {
  local root=$1 began=$EPOCHREALTIME status=0
  cd "$HOME" || exit 1
  step "git clone --quiet '$root' tercet"
  cd tercet || exit 1
  follow yes README.md
  awk -v a="$began" -v b="$EPOCHREALTIME" 'BEGIN {printf "%7.1f s  in all (%.1f minutes)\n", b - a, (b - a) / 60}'
}

reached='' log=$(mktemp)
case ${1:-} in
  --project)
    follow '' "$(realpath "$2")"
    [[ $reached ]] || { echo "$2 has no section '$LAST'."; exit 1; }
    rm -f "$log"
    ;;
  --clean) whole "$2" && rm -f "$log" ;;
  '')
    rm -f "$log"
    root=$(realpath "$(dirname "$0")/../..") home=$(mktemp -d)
    for file in .config/pip/pip.conf .pip/pip.conf; do
      [[ -f $HOME/$file ]] && mkdir -p "$home/$(dirname "$file")" && cp "$HOME/$file" "$home/$file"
    done
    mapfile -d '' -t settings < <(kept)
    env -i "${settings[@]}" HOME="$home" LANG=C.UTF-8 bash "$root/tests/docs/first_time.sh" --clean "$root" || {
      echo "Left as it was: $home"
      exit 1
    }
    rm -rf "$home"
    ;;
  *) echo "Usage: $0 [--project README.md]"; exit 2 ;;
esac
