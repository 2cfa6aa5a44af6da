package conformance_test

import (
	"encoding/json"
	"errors"
	"math/big"
	"net/http"
	"strconv"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// isText returns the format of the texts that parse reads.
func isText(name string, parse func(string) (time.Time, error)) *jsonschema.Format {
	return &jsonschema.Format{Name: name, Validate: func(v any) error {
		if s, ok := v.(string); ok {
			_, err := parse(s)
			return err
		}
		return nil
	}}
}

// otherFormats are those of the OpenAPI format registry that the validator does
// not know.
func otherFormats() []*jsonschema.Format {
	fits := func(name string, holds func(json.Number) bool) *jsonschema.Format {
		return &jsonschema.Format{Name: name, Validate: func(v any) error {
			if n, ok := v.(json.Number); ok && !holds(n) {
				return errors.New("is out of range")
			}
			return nil
		}}
	}
	integer := func(holds func(*big.Int) bool) func(json.Number) bool {
		return func(n json.Number) bool {
			r, ok := new(big.Rat).SetString(string(n))
			return ok && (!r.IsInt() || holds(r.Num()))
		}
	}
	float := func(bits int) func(json.Number) bool {
		return func(n json.Number) bool {
			_, err := strconv.ParseFloat(string(n), bits)
			return err == nil
		}
	}
	return []*jsonschema.Format{
		fits("int64", integer((*big.Int).IsInt64)),
		fits("uint64", integer((*big.Int).IsUint64)),
		fits("float", float(32)),
		fits("double", float(64)),
		isText("http-date", http.ParseTime),
		isText("date-time-local", func(s string) (time.Time, error) {
			if len(s) == len("2006-01-02T15:04") {
				s += ":00"
			}
			return time.Parse("2006-01-02T15:04:05", s)
		}),
	}
}
