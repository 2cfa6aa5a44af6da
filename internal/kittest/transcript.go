package kittest

import (
	"bufio"
	"context"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// An Exchange is one command of a transcript and what it printed.
type Exchange struct{ Command, Output string }

// Transcript returns the commands and outputs in the package comment of the Go
// file at path. A command is a line of a code block that begins with $; the
// lines below it, up to the next command or the end of the block, are its
// output. A command that ends in \ goes on in the next line.
func Transcript(t *testing.T, path string) []Exchange {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		t.Fatal(err)
	}
	return exchanges(file.Doc.Text())
}

func exchanges(doc string) []Exchange {
	var found []Exchange
	inOutput, continued := false, false
	for line := range strings.Lines(doc) {
		line = strings.TrimSuffix(line, "\n")
		code, isCode := strings.CutPrefix(line, "\t")
		command, isCommand := strings.CutPrefix(code, "$ ")
		last := len(found) - 1
		switch {
		case continued:
			found[last].Command += "\n" + code
			continued = strings.HasSuffix(code, `\`)
		case isCode && isCommand:
			found = append(found, Exchange{Command: command})
			inOutput, continued = true, strings.HasSuffix(command, `\`)
		case line != "" && !isCode:
			inOutput = false
		case inOutput:
			found[last].Output += code + "\n"
		}
	}
	return found
}

// documented is the address that transcripts show.
const documented = "127.0.0.1:8080"

// Replay starts the program of the calling package, which [Main] knows, with the flag
// -addr and with args, and runs the curl commands of transcript in their order through
// sh, each against the running program. What a command prints must be what the
// transcript shows, Date fields apart. The program has to log the URL it listens on to
// standard error. Without curl the test is skipped.
func Replay(t *testing.T, transcript []Exchange, args ...string) {
	t.Helper()
	Need(t, "curl")
	replay(t, startProgram(t, args), transcript)
}

// replay runs the curl commands against the program at address. A directory of its own
// takes the place of /tmp.
func replay(t *testing.T, address string, transcript []Exchange) {
	t.Helper()
	ran, dir := 0, t.TempDir()
	for _, exchange := range transcript {
		if !strings.Contains(exchange.Command, "curl ") {
			continue
		}
		ran++
		t.Run(exchange.Command, func(t *testing.T) {
			want := normalize(exchange.Output)
			command := strings.NewReplacer(documented, address, "/tmp/", dir+"/").Replace(exchange.Command)
			run := func(command string) (got string, err error) {
				output, err := shell(t, command)
				return strings.ReplaceAll(normalize(output), address, documented), err
			}
			got, err := run(command)
			if slower := seconds.ReplaceAllString(command, "${0}0"); slower != command && (err != nil || got != want) {
				got, err = run(slower)
			}
			if err != nil {
				t.Fatalf("%v\n%s", err, got)
			}
			if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
	if ran == 0 {
		t.Error("the transcript has no curl command")
	}
}

// seconds are the times in a command that reads a stream for a while. They are ten times as
// long on a machine that is too busy for them.
var seconds = regexp.MustCompile(`(sleep|curl .*?-m) \d+`)

// shell returns what the command prints.
func shell(t *testing.T, command string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), Patience)
	defer cancel()
	sh := exec.CommandContext(ctx, "sh", "-c", command)
	sh.Env = Direct()
	output, err := sh.Output()
	return string(output), err
}

// normalize takes off what differs between two runs, and what a comment cannot
// hold.
func normalize(output string) string {
	var lines []string
	for line := range strings.Lines(strings.ReplaceAll(output, "\r", "")) {
		if !strings.HasPrefix(line, "Date: ") {
			lines = append(lines, strings.TrimRight(line, " \n"))
		}
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// startProgram starts the program and returns the address it logs.
func startProgram(t *testing.T, args []string) string {
	t.Helper()
	command := Program(t, append([]string{"-addr", "127.0.0.1:0"}, args...)...)
	stderr, err := command.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = command.Process.Kill()
		_ = command.Wait()
	})
	url := regexp.MustCompile(`http://(127\.0\.0\.1:\d+)`)
	scanner := bufio.NewScanner(stderr)
	for scanner.Scan() {
		if found := url.FindStringSubmatch(scanner.Text()); found != nil {
			// The program must be able to log on without filling the pipe.
			go func() { _, _ = io.Copy(io.Discard, stderr) }()
			return found[1]
		}
	}
	t.Fatal("the program ended without logging the URL it listens on")
	return ""
}
