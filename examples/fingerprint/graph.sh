#!/bin/sh
# Prints a graph of tasks: one that fingerprints each file below a folder, and one that waits for all
# of them and writes a report.
#
#   graph.sh FOLDER REPORT [PROGRAM]
#
# PROGRAM is fingerprint.sh unless told otherwise. What was built and what Git keeps is left out; a
# task can wait for 10,000 others at most, and so there can be as many files.
set -eu

if [ "$#" -lt 2 ] || [ ! -d "$1" ]; then
  echo "usage: graph.sh FOLDER REPORT [PROGRAM]" >&2
  exit 2
fi
LC_ALL=C
export LC_ALL
bin=$(CDPATH='' cd -P "$(dirname "$0")/../bin" && pwd)
folder=$(CDPATH='' cd -P "$1" && pwd)
case $2 in /*) report=$2 ;; *) report=$PWD/$2 ;; esac
program=${3:-$bin/fingerprint.sh}
tab=$(printf '\t')

# A text as it stands between the quotes of a JSON string.
quoted() {
  sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$tab/\\\\t/g"
}

find "$folder" \( -name .git -o -name .holdfast -o -name target \) -prune -o -type f -print |
  sort | quoted | awk \
    -v program="$(printf '%s' "$program" | quoted | sed 's/\\/\\\\/g')" \
    -v reporter="$(printf '%s' "$bin/report.sh" | quoted | sed 's/\\/\\\\/g')" \
    -v report="$(printf '%s' "$report" | quoted | sed 's/\\/\\\\/g')" '
  BEGIN { print "{\"tasks\":[" }
  {
    printf "{\"ref\":\"file-%d\",\"type\":\"process\",\"timeout\":\"PT1M\",", NR
    printf "\"payload\":{\"command\":[\"%s\",\"%s\"]}},\n", program, $0
  }
  END {
    print "{\"ref\":\"report\",\"type\":\"process\",\"timeout\":\"PT1M\","
    printf "\"payload\":{\"command\":[\"%s\",\"%s\"],\"stdin\":{\"results\":true}},\n", reporter, report
    print "\"dependsOn\":["
    for (i = 1; i <= NR; i++) {
      printf "{\"ref\":\"file-%d\"}%s\n", i, i < NR ? "," : ""
    }
    print "]}"
    print "]}"
  }
'
