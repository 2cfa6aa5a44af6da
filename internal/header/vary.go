package header

import (
	"net/http"
	"slices"
)

// AddVary adds the name of a request field to the field Vary of h, unless that
// has it or is "*" (RFC 9110, section 12.5.5). The values that are there are left
// as they are: others may share them.
func AddVary(h http.Header, name string) {
	if values := h["Vary"]; !HasMember(values, name) && !HasMember(values, "*") {
		h["Vary"] = append(slices.Clip(values), name)
	}
}
