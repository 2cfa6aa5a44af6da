// Package params writes the values of parameters as package bind reads them: those of a
// path and a query for addresses, those of a header, of cookies and of forms for clients.
// Binding what is written gives the value again, but for what a time loses to its format
// and for the difference of a nil slice or map and an empty one.
//
//	texts.go     the texts of one parameter, whatever carries them
//	pairs.go     name=value pairs of a query and of a urlencoded form
//	address.go   path and query
package params
