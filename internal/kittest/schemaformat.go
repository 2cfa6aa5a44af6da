package kittest

import (
	"encoding/json"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// within returns whether an integer is between two limits, which are there for
// every number of that format.
func within(lowest, highest string) func(json.Number) bool {
	low, high := ratOf(json.Number(lowest)), ratOf(json.Number(highest))
	return func(n json.Number) bool {
		r := ratOf(n)
		return !r.IsInt() || r.Cmp(low) >= 0 && r.Cmp(high) <= 0
	}
}

func isFloat(bits int) func(json.Number) bool {
	return func(n json.Number) bool {
		_, err := strconv.ParseFloat(string(n), bits)
		return err == nil
	}
}

// numberFormat returns what a format of the OpenAPI format registry asks of a
// number, nil for one that asks nothing. Those of integers below 64 bits ask nothing:
// a document states their limits.
func numberFormat(name string) func(json.Number) bool {
	switch name {
	case "int64":
		return within("-9223372036854775808", "9223372036854775807")
	case "uint64":
		return within("0", "18446744073709551615")
	case "float":
		return isFloat(32)
	case "double":
		return isFloat(64)
	}
	return nil
}

// stringFormat returns what a format asks of a string, with as much of its grammar
// as the texts of the tests go into; nil for one that is about numbers or is not
// known.
func stringFormat(name string) func(string) bool {
	switch name {
	case "date-time":
		return inCapitals(isTime(time.RFC3339Nano))
	case "date":
		return isTime(time.DateOnly)
	case "http-date":
		return isTime(http.TimeFormat)
	case "email":
		return func(text string) bool {
			a, err := mail.ParseAddress(text)
			_, host, _ := strings.Cut(text, "@")
			return err == nil && a.Address == text && stringFormat("hostname")(host)
		}
	case "hostname":
		return regexp.MustCompile(`^([a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)*[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$`).MatchString
	case "ipv4":
		return isAddr(netip.Addr.Is4)
	case "ipv6":
		return isAddr(func(a netip.Addr) bool { return a.Is6() && a.Zone() == "" })
	case "uuid":
		return regexp.MustCompile(`^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$`).MatchString
	case "uri":
		return isURL((*url.URL).IsAbs)
	case "uri-reference":
		return isURL(func(*url.URL) bool { return true })
	case "date-time-local":
		return isTime("2006-01-02T15:04:05", "2006-01-02T15:04")
	case "time":
		return inCapitals(isTime("15:04:05Z07:00"))
	case "json-pointer":
		return regexp.MustCompile(`^(/([^/~]|~[01])*)*$`).MatchString
	}
	return nil
}

// annotates reports whether the format is one of the OpenAPI format registry that
// says nothing which could be checked here.
func annotates(name string) bool {
	return slices.Contains([]string{
		"base64url", "binary", "byte", "char", "commonmark", "decimal", "decimal128", "double-int", "duration", "html",
		"idn-email", "idn-hostname", "int8", "int16", "int32", "ipv4-cidr", "ipv6-cidr", "iri", "iri-reference", "language",
		"media-range", "password", "relative-json-pointer", "sf-binary", "sf-boolean", "sf-decimal", "sf-integer", "sf-string",
		"sf-token", "time-local", "uint8", "uint16", "uint32", "unixtime", "uri-template",
	}, name)
}

// isFormat reports whether the format is known, be it of strings or of numbers.
func isFormat(name string) bool {
	return numberFormat(name) != nil || stringFormat(name) != nil || annotates(name)
}

func isTime(layouts ...string) func(string) bool {
	return func(text string) bool {
		return slices.ContainsFunc(layouts, func(layout string) bool {
			_, err := time.Parse(layout, text)
			return err == nil
		})
	}
}

// inCapitals is fits for what may be in small letters too (RFC 3339, section 5.6).
func inCapitals(fits func(string) bool) func(string) bool {
	return func(text string) bool { return fits(strings.ToUpper(text)) }
}

func isAddr(fits func(netip.Addr) bool) func(string) bool {
	return func(text string) bool {
		a, err := netip.ParseAddr(text)
		return err == nil && fits(a)
	}
}

func isURL(fits func(*url.URL) bool) func(string) bool {
	return func(text string) bool {
		u, err := url.Parse(text)
		return err == nil && fits(u)
	}
}
