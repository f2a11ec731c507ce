#!/usr/bin/env bash
# PyYAML 6.0.3 and Go's yaml.v3 3.0.1: an account id that PyYAML writes is a number for Go.
#
# PyYAML speaks YAML 1.1, where a leading zero means octal: 012345670123 gets quotes, but
# 098765432101 has digits that no octal number has, and is written without. Go's yaml.v3, which
# reads Pulumi's stack files and many other configurations, takes the same text for a floating point
# number: the account id arrives as 9.8765432101e+10, its leading zero lost. It concerns the
# account ids that begin with 0 and have an 8 or a 9.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" --quiet --disable-pip-version-check install pyyaml==6.0.3
mkdir "$work/reader"
cat > "$work/reader/main.go" <<'GO'
package main

import (
	"fmt"
	"os"

	"gopkg.in/yaml.v3"
)

func main() {
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var accounts map[string]any
	if err := yaml.Unmarshal(text, &accounts); err != nil {
		panic(err)
	}
	for _, name := range []string{"octal", "plain", "zero"} {
		fmt.Printf("%s %T %v\n", name, accounts[name], accounts[name])
	}
}
GO
printf 'module reader\n\ngo 1.22\n\nrequire gopkg.in/yaml.v3 v3.0.1\n' > "$work/reader/go.mod"
"$work/venv/bin/python" - > "$work/accounts.yaml" <<'PYTHON'
import yaml

accounts = {"octal": "012345670123", "plain": "123456789012", "zero": "098765432101"}
print(yaml.safe_dump(accounts), end="")
assert yaml.safe_load(yaml.safe_dump(accounts)) == accounts
PYTHON
echo "PyYAML 6.0.3 writes (and reads back as texts):"
cat "$work/accounts.yaml"
(cd "$work/reader" && GOFLAGS=-mod=mod go build -o reader .)
echo "Go's yaml.v3 3.0.1 reads:"
"$work/reader/reader" "$work/accounts.yaml" | tee "$work/read"
diff "$work/read" - <<'EXPECTED'
octal string 012345670123
plain string 123456789012
zero float64 9.8765432101e+10
EXPECTED
