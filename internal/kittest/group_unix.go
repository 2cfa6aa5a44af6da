//go:build unix

package kittest

import (
	"os/exec"
	"syscall"
)

// asGroup makes the program, before it starts, the first of a group of processes
// and returns what kills the whole group.
func asGroup(command *exec.Cmd) (kill func()) {
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return func() { _ = syscall.Kill(-command.Process.Pid, syscall.SIGKILL) }
}
