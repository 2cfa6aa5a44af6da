package endtoend

import (
	"context"
	"crypto/sha256"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"slices"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

// A program serves one system: it is called with further arguments of its own, or with
// a port and the directory of the files.
type program struct {
	name    string
	command func(port, files string) []string
}

// programs builds what the machine has the tools for, and names what is left out. The
// directories are relative to benchmarks/peers.
func programs(ctx context.Context, work string) (all []program, missing []string, err error) {
	serve := filepath.Join(work, "serve")
	if err := quietly(exec.CommandContext(ctx, "go", "build", "-o", serve, "./serve")); err != nil {
		return nil, nil, err
	}
	for _, name := range systems.Served() {
		all = append(all, program{name, func(port, files string) []string {
			return []string{serve, "-by", name, "-addr", "127.0.0.1:" + port, "-files", files}
		}})
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return nil, nil, err
	}
	cache = filepath.Join(cache, "tenon-peers")
	foreign := []struct {
		name  string
		build func(ctx context.Context, cache string) ([]string, error)
	}{{"axum", axum}, {"BustAPI", python("bustapi")}, {"uapi on Starlette", python("uapi")}, {"Bocadillo", python("bocadillo")}}
	for _, f := range foreign {
		command, err := f.build(ctx, cache)
		if err != nil {
			log.Printf("end to end: without %s: %v", f.name, err)
			missing = append(missing, f.name)
			continue
		}
		all = append(all, program{f.name, func(port, files string) []string { return append(slices.Clip(command), port, files) }})
	}
	return all, missing, nil
}

// axum builds the crate, which takes a minute or two the first time.
func axum(ctx context.Context, cache string) ([]string, error) {
	cargo, err := exec.LookPath("cargo")
	if err != nil {
		return nil, err
	}
	target := filepath.Join(cache, "axum")
	log.Print("end to end: building axum")
	build := exec.CommandContext(ctx, cargo, "build", "--quiet", "--release", "--locked", "--target-dir", target)
	build.Dir = "endtoend/axum"
	return []string{filepath.Join(target, "release", "peer")}, quietly(build)
}

// python returns what installs a system into a virtual environment of the cache, once
// for each list of its packages.
func python(name string) func(ctx context.Context, cache string) ([]string, error) {
	return func(ctx context.Context, cache string) ([]string, error) {
		source, err := filepath.Abs("endtoend/python")
		if err != nil {
			return nil, err
		}
		packages := filepath.Join(source, name+".txt")
		list, err := os.ReadFile(filepath.Clean(packages))
		if err != nil {
			return nil, err
		}
		environment := filepath.Join(cache, fmt.Sprintf("%s-%x", name, sha256.Sum256(list))[:len(name)+9])
		interpreter := filepath.Join(environment, "bin", "python")
		// -B leaves no compiled files in the repository.
		command := []string{interpreter, "-B", filepath.Join(source, name+"_service.py")}
		done := filepath.Join(environment, "complete")
		if _, err := os.Stat(done); err == nil {
			return command, nil
		}
		python3, err := exec.LookPath("python3")
		if err != nil {
			return nil, err
		}
		log.Printf("end to end: installing %s", name)
		err = quietly(exec.CommandContext(ctx, python3, "-m", "venv", "--clear", environment))
		if err == nil {
			// The list is complete, and Bocadillo's own bounds keep it from a Python of today.
			err = quietly(exec.CommandContext(ctx, interpreter, "-m", "pip", "install", "--quiet", "--no-deps", "-r", packages))
		}
		if err == nil {
			err = os.WriteFile(done, nil, 0o600)
		}
		return command, err
	}
}

// quietly runs a command, whose output is in the error.
func quietly(command *exec.Cmd) error {
	if out, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", filepath.Base(command.Path), err, out)
	}
	return nil
}
