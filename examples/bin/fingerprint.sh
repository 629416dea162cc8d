#!/bin/sh
# Prints the SHA-256 and the number of lines, words and bytes of one file, as JSON on one line.
#
#   fingerprint.sh FILE
#
# A line ends with a line feed; a word is what stands between white space of ASCII.
set -eu

if [ "$#" -ne 1 ] || [ ! -f "$1" ]; then
  echo "usage: fingerprint.sh FILE" >&2
  exit 2
fi
LC_ALL=C
export LC_ALL

if command -v sha256sum >/dev/null; then
  sum=$(sha256sum <"$1")
else
  sum=$(shasum -a 256 <"$1")
fi
lines=$(wc -l <"$1" | tr -d ' ')
words=$(tr -s '[:space:]' '\n' <"$1" | grep -ac . || true)
bytes=$(wc -c <"$1" | tr -d ' ')
tab=$(printf '\t')
name=$(printf '%s' "$1" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e "s/$tab/\\\\t/g")

printf '{"sha256":"%s","lines":%s,"words":%s,"bytes":%s,"file":"%s"}\n' \
  "${sum%% *}" "$lines" "$words" "$bytes" "$name"
