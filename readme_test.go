package tenon_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestReadme_programCompiles vets the first program of README.md against this tree, which
// takes no link. The lines about clients are those of an example of package client.
func TestReadme_programCompiles(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	programs := regexp.MustCompile("(?s)```go\n(.*?)```").FindAllSubmatch(readme, -1)
	require.NotEmpty(t, programs)
	require.Regexp(t, "^package main\n", string(programs[0][1]), "the first program is a whole one")
	dir := t.TempDir()
	source := filepath.Join(dir, "main.go")
	require.NoError(t, os.WriteFile(source, programs[0][1], 0o600))
	output, err := exec.CommandContext(t.Context(), "go", "vet", source).CombinedOutput()
	require.NoError(t, err, "%s", output)
}

// TestReadme_packages holds the table of packages to those that there are, and to which of
// them each imports.
func TestReadme_packages(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	var got []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(tenon[^`]*)` \\|.*\\| (.*) \\|$").FindAllSubmatch(readme, -1) {
		got = append(got, string(row[1]))
		for _, name := range regexp.MustCompile("`([^`]*)`").FindAllSubmatch(row[2], -1) {
			got = append(got, string(row[1])+" imports "+string(name[1]))
		}
	}
	format := `{{range $i := .Imports}}{{$.ImportPath}} imports {{$i}}{{"\n"}}{{end}}{{.ImportPath}}`
	output, err := exec.CommandContext(t.Context(), "go", "list", "-f", format, "./...").Output()
	require.NoError(t, err)
	var want []string
	for line := range strings.Lines(string(output)) {
		line = strings.ReplaceAll(strings.TrimSpace(line), "github.com/tenonkit/", "")
		from, to, imports := strings.Cut(line, " imports ")
		isOurs := imports && (to == "tenon" || strings.HasPrefix(to, "tenon/"))
		if regexp.MustCompile("^tenon/(internal|examples|benchmarks)").MatchString(from) || strings.HasPrefix(to, "tenon/internal") || imports && !isOurs {
			continue
		}
		want = append(want, strings.ReplaceAll(line, " imports tenon/", " imports "))
	}
	assert.ElementsMatch(t, want, got)
}
