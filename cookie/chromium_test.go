package cookie_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/cookie"
	"github.com/tenonkit/tenon/internal/kittest"
)

// page sets all cookies, has the server say which of them came, deletes them
// and asks again.
const page = `<!doctype html><script>
const ask = async () => {
	const text = await (await fetch("/below/seen")).text();
	return text + "scripts see: " + document.cookie.split("; ").map(c => c.split("=")[0]).sort().join(",") + "\n";
};
(async () => {
	let report = "";
	for (const path of ["/set", "/set", "/mistaken", "/delete"]) {
		await fetch(path);
		report += path + "\n" + await ask();
	}
	await fetch("/report", {method: "POST", body: report});
})();
</script>`

// TestDelete_chromium has a browser keep and drop cookies of every kind of
// attribute, over plain HTTP to the loopback address, which Chromium trusts with
// Secure cookies.
func TestDelete_chromium(t *testing.T) {
	t.Parallel()
	keys := keysOf(t, 1)
	cookies := map[string]stringCookie{
		"__Host-sealed": cookie.Sealed[string](keys, "__Host-sealed", cookie.MaxAge(time.Hour)),
		"__Host-split":  cookie.Sealed[string](keys, "__Host-split", cookie.Partitioned(), cookie.SameSite(http.SameSiteNoneMode)),
		"__Secure-deep": cookie.Signed[string](keys, "__Secure-deep", cookie.Path("/below")),
		"open":          cookie.Plain[string]("open", cookie.ScriptReadable(), cookie.Insecure()),
		"strict":        cookie.Signed[string](keys, "strict", cookie.SameSite(http.SameSiteStrictMode), cookie.Path("/below")),
		"longest":       cookie.Plain[string]("longest", cookie.MaxAge(400*day)),
	}
	all := []string{"__Host-sealed", "__Host-split", "__Secure-deep", "longest", "open", "strict"}
	values := map[string]string{"longest": strings.Repeat("x", 4096-len("longest")), "open": "50% é;,\""}

	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, page) })
	mux.HandleFunc("/set", func(w http.ResponseWriter, _ *http.Request) {
		for name, c := range cookies {
			assert.NoError(t, c.Set(w, values[name]))
		}
	})
	mux.HandleFunc("/below/seen", func(w http.ResponseWriter, r *http.Request) {
		var seen []string
		for _, name := range all {
			if got, err := cookies[name].Get(r); err == nil {
				assert.Equal(t, values[name], got)
				seen = append(seen, name)
			}
		}
		_, _ = io.WriteString(w, "server sees: "+strings.Join(seen, ",")+"\n")
	})
	mux.HandleFunc("/mistaken", func(w http.ResponseWriter, _ *http.Request) {
		// What does not repeat path or partitioning deletes nothing.
		for _, name := range []string{"__Secure-deep", "__Host-split", "strict"} {
			assert.NoError(t, cookie.Delete(w, &http.Cookie{Name: name, Path: "/", Secure: true}))
		}
	})
	mux.HandleFunc("/delete", func(w http.ResponseWriter, _ *http.Request) {
		for name, c := range cookies {
			assert.NoError(t, c.Set(w, values[name]))
			assert.NoError(t, c.Delete(w))
		}
	})
	_, reported := kittest.Browse(t, mux, "/")
	there := "server sees: " + strings.Join(all, ",") + "\nscripts see: open\n"
	want := "/set\n" + there + "/set\n" + there + "/mistaken\n" + there + "/delete\nserver sees: \nscripts see: \n"
	assert.Equal(t, want, kittest.Await(t, reported, "the page has not reported"))
}
