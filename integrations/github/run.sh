#!/usr/bin/env bash
# The step of the composite action: one audit, saved, then written as annotations, job summary and SARIF.
# Inputs come in AIRTIGHT_* variables: nothing of them is ever evaluated by the shell.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
output=${AIRTIGHT_OUTPUT:-airtight-report}
outputs=${GITHUB_OUTPUT:-/dev/null}

case ${AIRTIGHT_COMMAND:-audit} in
  audit | lint) ;;
  *)
    echo "::error title=airtight::command is '${AIRTIGHT_COMMAND}': audit or lint was expected"
    exit 2
    ;;
esac

# A checkout of the action has no build: it is made once, from the lock file.
if [[ ! -f $root/dist/main.js ]]; then
  npm ci --prefix "$root" --no-audit --no-fund >&2
fi

# xargs splits as a shell quotes, and expands nothing.
words=()
while IFS= read -r -d '' word; do words+=("$word"); done < <(xargs printf '%s\0' <<<"${AIRTIGHT_ARGUMENTS:-}")

airtight() { node "$root/bin/airtight.js" "$@"; }

mkdir -p "$output"
code=0
airtight "${AIRTIGHT_COMMAND:-audit}" "${words[@]}" --fail-on "${AIRTIGHT_FAIL_ON:-error}" \
  --format json -o "$output/airtight.json" || code=$?
echo "exit-code=$code" >>"$outputs"
# Without a saved audit the question was wrong, and stderr has said how.
if [[ $code == 2 ]]; then exit 2; fi
airtight report "$output/airtight.json" --fail-on never --format sarif -o "$output/airtight.sarif" || true
airtight report "$output/airtight.json" --fail-on never --format github || true
{
  echo "json=$output/airtight.json"
  echo "sarif=$output/airtight.sarif"
} >>"$outputs"
exit "$code"
