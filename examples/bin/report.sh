#!/bin/sh
# Writes a report of what fingerprint.sh found, from the results of its tasks on standard input.
#
#   report.sh REPORT
#
# A line for each file, in the order of the names, then the totals. The report appears whole or not
# at all.
set -eu

if [ "$#" -ne 1 ]; then
  echo "usage: report.sh REPORT" >&2
  exit 2
fi
LC_ALL=C
export LC_ALL
draft=$1.$$
trap 'rm -f "$draft"' EXIT

# Each result is {"exitCode":0,"stdout":"<the line of fingerprint.sh, quoted once more>",...}.
awk '
  BEGIN { RS = "\"stdout\":\"" }
  NR > 1 {
    sub(/\\n",.*/, "")
    gsub(/\\"/, "\"")
    gsub(/\\\\/, "\\")
    print
  }
' | sed 's/^{"sha256":"\([0-9a-f]*\)","lines":\([0-9]*\),"words":\([0-9]*\),"bytes":\([0-9]*\),"file":"\(.*\)"}$/\1 \2 \3 \4 \5/' |
  sort -k 5 | awk '
  { print; lines += $2; words += $3; bytes += $4 }
  END { printf "%d files, %.0f lines, %.0f words, %.0f bytes\n", NR, lines, words, bytes }
' >"$draft"

mv "$draft" "$1"
trap - EXIT
tail -n 1 "$1"
