//go:build !unix

package kittest

import "os/exec"

// asGroup returns what kills the program alone: there are no groups to kill.
func asGroup(command *exec.Cmd) (kill func()) {
	return func() { _ = command.Process.Kill() }
}
