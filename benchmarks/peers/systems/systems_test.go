package systems_test

import (
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/benchmarks/peers/systems"
)

// TestAll_answerAlike sends every request twice, because what is measured is a
// service that has served before.
func TestAll_answerAlike(t *testing.T) {
	for _, system := range systems.All() {
		h := system.Handler("")
		for _, workload := range systems.Workloads() {
			if !system.Serves(workload) {
				continue
			}
			t.Run(system.Name+"/"+workload.Name, func(t *testing.T) {
				r, renew := workload.Request()
				for range 2 {
					renew()
					w := httptest.NewRecorder()
					h.ServeHTTP(w, r)
					assert.NoError(t, workload.Check(system, w.Code, w.Header(), w.Body.Bytes()))
				}
			})
		}
	}
}
