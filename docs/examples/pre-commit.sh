#!/bin/sh
# .git/hooks/pre-commit: no commit of rules whose fixtures fail. EARWITNESS may name another way to start the program.
set -eu
git diff --cached --quiet -- rules fixtures && exit 0
exec ${EARWITNESS:-npx earwitness} test fixtures
