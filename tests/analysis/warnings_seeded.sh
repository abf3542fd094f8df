#!/bin/bash
# With -Wpadded there is something to warn of, and warnings.sh fails by that.
set -euo pipefail
here=$(cd -- "$(dirname -- "$0")" && pwd)

if log=$("$BASH" "$here/warnings.sh" gcc -Wpadded 2>&1); then
  echo "a release with warnings was taken for one without"
  exit 1
fi
grep -q 'error: .*Werror=padded' <<<"$log"
