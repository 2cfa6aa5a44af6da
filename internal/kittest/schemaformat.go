package kittest

import (
	"encoding/json"
	"net/http"
	"net/mail"
	"net/netip"
	"net/url"
	"regexp"
	"strconv"
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
// number, nil for one that is about strings or is not known.
func numberFormat(name string) func(json.Number) bool {
	switch name {
	case "int8":
		return within("-128", "127")
	case "int16":
		return within("-32768", "32767")
	case "int32":
		return within("-2147483648", "2147483647")
	case "int64":
		return within("-9223372036854775808", "9223372036854775807")
	case "uint8":
		return within("0", "255")
	case "uint16":
		return within("0", "65535")
	case "uint32":
		return within("0", "4294967295")
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
		return isTime(time.RFC3339Nano)
	case "date":
		return isTime(time.DateOnly)
	case "http-date":
		return isTime(http.TimeFormat)
	case "email":
		return func(text string) bool {
			a, err := mail.ParseAddress(text)
			return err == nil && a.Address == text
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
	case "binary":
		return func(string) bool { return true }
	}
	return nil
}

func isTime(layout string) func(string) bool {
	return func(text string) bool {
		_, err := time.Parse(layout, text)
		return err == nil
	}
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
