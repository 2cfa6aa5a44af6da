// Package params writes the values of parameters as package bind reads them: paths and queries
// for addresses, and headers, cookies and forms for clients. Binding the text gives the same
// value again, with two exceptions: a time loses what its format does not have, and a nil
// slice or map may become an empty one.
//
//	texts.go     the texts of one parameter, whatever carries them
//	pairs.go     name=value pairs of a query and of a urlencoded form
//	address.go   path and query
package params
