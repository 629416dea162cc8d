#!/bin/sh
# Checks the model in every reachable state: the right one must have no error, and each wrong one
# must be refuted by the property that it breaks.
#
#   check.sh               all variants, a line each
#   check.sh show VARIANT  the shortest way into the error of a wrong one, step by step
set -eu

here=$(cd "$(dirname "$0")" && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

require() {
  if command -v "$1" > /dev/null; then
    return
  fi
  if [ "$(id -u)" = 0 ] && command -v apt-get > /dev/null; then
    echo "installing $2" >&2
    apt-get install -y -qq "$2" > /dev/null 2>&1 \
      || { apt-get update -qq && apt-get install -y -qq "$2"; } > /dev/null 2>&1 || true
  fi
  command -v "$1" > /dev/null || {
    echo "check.sh needs $1: install the package $2 (Debian, Ubuntu: sudo apt-get install $2)" >&2
    exit 2
  }
}

# build VARIANT OPTION...: the verifier of a variant, in a folder of its own.
build() {
  variant=$1
  shift
  mkdir -p "$work/$variant"
  cd "$work/$variant"
  cp "$here/holdfast.pml" .
  spin -a "-D$variant" holdfast.pml > spin.txt 2>&1 || { cat spin.txt >&2; exit 2; }
  gcc -O2 -w -DSAFETY -DNOFAIR -DNOREDUCE -DMEMLIM=2000 "$@" -o pan pan.c
}

# search VARIANT: sets states, seconds, errors and violated.
search() {
  build "$1"
  ./pan -m10000 -w24 > pan.txt 2>&1 || true
  errors=$(sed -n 's/.*errors: \([0-9]*\).*/\1/p' pan.txt)
  states=$(sed -n 's/^ *\([0-9.e+]*\) states, stored.*/\1/p' pan.txt)
  seconds=$(sed -n 's/.*elapsed time \([0-9.e-]*\) seconds.*/\1/p' pan.txt)
  violated=$(sed -n 's/^pan:1: //p' pan.txt)
  if grep -qE 'max search depth too small|out of memory|reached -DMEMLIM' pan.txt; then
    errors=unfinished
  fi
}

report() {
  printf '%-14s %-12s %12s states %8s s  %s\n' "$1" "$2" "${states:-?}" "${seconds:-?}" "$3"
}

holds() {
  search "$1"
  if [ "$errors" = 0 ]; then
    report "$1" "holds" "$2"
  else
    report "$1" "WRONG" "${violated:-the search was not finished}"
    failed=1
  fi
}

# refuted VARIANT PROPERTY WORDS: PROPERTY is a piece of the assertion that must be violated.
refuted() {
  search "$1"
  case $violated in
    *"$2"*) report "$1" "refuted" "$3" ;;
    *)
      report "$1" "NOT REFUTED" "${violated:-no error found}"
      failed=1
      ;;
  esac
}

show() {
  build "$1" -DBFS
  ./pan -m10000 -w24 > pan.txt 2>&1 || true
  [ -f holdfast.pml.trail ] || { echo "$1 has no error" >&2; exit 1; }
  spin -t "-D$1" holdfast.pml | sed -n 's/^ *\(node\|the\|a\|it\|time\) /\1 /p'
  sed -n 's/^pan:1: \(.*\) (at depth.*/violated: \1/p' pan.txt
}

require spin spin
require gcc gcc

if [ "${1:-}" = show ]; then
  show "${2:?which variant?}"
  exit
fi

holds HOLDFAST "every property, in every state"
refuted NO_FENCE locked.term "a leader's write after its term, when the term is only looked at"
refuted NO_RUN_FENCE "task.runs==" "a completion by a run that holds the task no more"
refuted BARE_COUNTER "fence.term==" "one term for two nodes, when a failover undoes a grant"
refuted LATE_DEADLINE "deadline>0" "two leaders, when a lead counts from its answer"
refuted NO_REQUEST_ID calmTicks "a task that a lost answer strands"
refuted NO_IDLE_LIMIT calmTicks "a leader paused in a transaction that nobody can replace"
refuted LOSE_CLAIM "task.runs==" "a limit, not a bug: a failover that loses acknowledged claims"
exit $failed
