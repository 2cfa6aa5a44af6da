package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The program with which a package doc begins is part of a file with an Example of the
// package: its lines stand there, in their order. What they stand between is not shown.
func TestDocs_beginWithAnExample(t *testing.T) {
	t.Parallel()
	found := 0
	require.NoError(t, filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if slices.Contains([]string{"internal", "examples", "benchmarks", "docs", "testdata", "conformance", ".git"}, entry.Name()) {
				return fs.SkipDir
			}
			return nil
		}
		if entry.Name() != "doc.go" {
			return nil
		}
		found++
		program := programOf(t, path)
		assert.NotEmpty(t, program, "%s begins with a program", path)
		files, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*_test.go"))
		if err != nil {
			return err
		}
		// Of all files with an Example, the one that gets furthest tells what differs.
		best, missing := -1, ""
		for _, file := range files {
			n := follow(t, program, file)
			if n > best && n < len(program) {
				best, missing = n, program[n]
			}
			if n == len(program) {
				return nil
			}
		}
		assert.Failf(t, "the program is in no Example", "%s: %q is not in a file with an Example, after the lines before it", path, missing)
		return nil
	}))
	assert.Greater(t, found, 10)
}

// programOf returns the lines of the first block of code in the doc of a package.
func programOf(t *testing.T, path string) (lines []string) {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
	require.NoError(t, err)
	for line := range strings.Lines(file.Doc.Text()) {
		switch isCode := strings.HasPrefix(line, "\t"); {
		case isCode && words(line) != "":
			lines = append(lines, words(line))
		case !isCode && words(line) != "" && len(lines) > 0:
			return lines
		}
	}
	return lines
}

// follow returns how many lines of a program are in a file with an Example, each after the
// one before it.
func follow(t *testing.T, program []string, path string) (n int) {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	if !strings.Contains(string(text), "\nfunc Example") {
		return -1
	}
	for line := range strings.Lines(string(text)) {
		if n < len(program) && words(line) == program[n] {
			n++
		}
	}
	return n
}

// words returns a line of code without its comment and the spaces that align it, and nothing
// of one that only stands for others.
func words(line string) string {
	code, _, _ := strings.Cut(line, "//")
	if code = strings.Join(strings.Fields(code), " "); code == "..." {
		return ""
	}
	return code
}
