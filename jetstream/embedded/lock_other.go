//go:build !darwin && !dragonfly && !freebsd && !linux && !netbsd && !openbsd

package embedded

// lock does nothing, because the standard library has no lock for this system.
func lock(string) (unlock func(), err error) { return func() {}, nil }
