package shape

import (
	"fmt"
	"reflect"
	"strings"
)

// howRequired says what makes a value one that may be missing.
const howRequired = "remove it, because a value is required " +
	"unless it is a pointer or a bind.Opt, has a default, or has the option optional or, in JSON, omitempty"

// optionFaults returns a fault for each option of the json tag of f that nothing reads. The words
// follow the path of the field. The engine refuses misspelt options, such as omitEmpty.
func optionFaults(f reflect.StructField) (faults []string) {
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	for option := range strings.SplitSeq(options, ",") {
		known, _, hasArgument := strings.Cut(option, ":")
		switch known {
		case "", "omitempty", "omitzero", "string", "embed":
			continue
		case "case":
			if option == "case:ignore" {
				faults = append(faults, "has the json option case:ignore, but names are case-sensitive: remove it")
			}
			continue
		case "format":
			if hasArgument {
				return faults // The argument may have commas.
			}
			continue
		case "inline":
			if name == "" && embedded(f) != nil {
				continue // This is what embedding does.
			}
		}
		faults = append(faults, fmt.Sprintf("has the json option %q, which nothing reads: %s", option, insteadOf(option)))
	}
	return faults
}

// insteadOf returns what to write instead of an option that nothing reads.
func insteadOf(option string) string {
	switch option {
	case "optional":
		return "write omitempty or omitzero"
	case "required":
		return howRequired
	case "inline", "unknown":
		return "write embed"
	}
	return "the options are omitempty, omitzero, string, embed and case:strict"
}
