package cookie_test

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/fips140"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestCookie_fips runs other tests once more in a process that refuses every
// algorithm that FIPS 140-3 does not approve. They are tests that do not seal
// in a synctest bubble: the entropy source of the mode is the clock's jitter, of
// which a fake clock has none.
func TestCookie_fips(t *testing.T) {
	t.Parallel()
	const child, rerun = "TENON_FIPS_CHILD", "TestCookie_spelling|TestCookie_otherForm|TestCookie_moved|TestKeys_rotation|TestCookie_kept|TestSigned_wire|TestCookie_overHTTP"
	if os.Getenv(child) != "" {
		assert.True(t, fips140.Enabled())
		block, err := aes.NewCipher(secret(1))
		require.NoError(t, err)
		_, err = cipher.NewGCM(block)
		require.ErrorContains(t, err, "FIPS 140-only mode", "the mode is enforced")
		return
	}
	command := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^(TestCookie_fips|"+rerun+")$", "-test.v", "-test.count=1")
	command.Env = append(os.Environ(), "GODEBUG=fips140=only", child+"=1")
	output, err := command.CombinedOutput()
	require.NoError(t, err, "%s", output)
	for name := range strings.SplitSeq("TestCookie_fips|"+rerun, "|") {
		assert.Contains(t, string(output), "--- PASS: "+name+" ")
	}
}
