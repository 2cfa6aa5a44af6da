package kittest

// HeaderFaults is what CheckHeaders reports, for its own test.
var HeaderFaults = headerFaults
