//go:build go1.27 && goexperiment.jsonv2

package json

import (
	"bytes"
	v1 "encoding/json"
	"encoding/json/jsontext"
	v2 "encoding/json/v2"
	"errors"
	"io"
)

// The names of the engine that the other packages need. This block and the
// functions below stand in engine_std.go and engine_module.go to the letter: a
// test holds the two together.
type (
	// Options is a set of options of the engine.
	Options = v2.Options
	// SemanticError tells of a value that does not fit its Go type.
	SemanticError = v2.SemanticError
	// Marshaler is a type that writes its own JSON value.
	Marshaler = v2.Marshaler
	// MarshalerTo is a type that writes its own JSON value to an [Encoder].
	MarshalerTo = v2.MarshalerTo
	// Unmarshaler is a type that reads its own JSON value.
	Unmarshaler = v2.Unmarshaler
	// UnmarshalerFrom is a type that reads its own JSON value from a [Decoder].
	UnmarshalerFrom = v2.UnmarshalerFrom
	// Encoder writes tokens and values.
	Encoder = jsontext.Encoder
	// Decoder reads tokens and values.
	Decoder = jsontext.Decoder
	// RawMessage is one JSON value as it is on the wire.
	RawMessage = jsontext.Value
	// Pointer is a place in a document (RFC 6901).
	Pointer = jsontext.Pointer
	// Kind is the kind of a token or value, named by its first byte.
	Kind = jsontext.Kind
	// SyntacticError tells of text that is not JSON, with its offset.
	SyntacticError = jsontext.SyntacticError
	// Number is the number type of encoding/json.
	Number = v1.Number
)

func marshalWrite(buf *bytes.Buffer, p any, opts Options) error { return v2.MarshalWrite(buf, p, opts) }

// Decode reads the one JSON value that data holds into *p.
func Decode(data []byte, p any, opts Options) error { return v2.Unmarshal(data, p, opts) }

// Asking returns opts under which write and read are asked at every value first. They
// return [errors.ErrUnsupported] for one that they leave alone. It takes several times
// the time.
func Asking(opts Options, write func(enc *Encoder, p any) error, read func(dec *Decoder, p any) error) Options {
	writes, _ := v2.GetOption(opts, v2.WithMarshalers)
	reads, _ := v2.GetOption(opts, v2.WithUnmarshalers)
	return v2.JoinOptions(opts,
		v2.WithMarshalers(v2.JoinMarshalers(writes, v2.MarshalToFunc(write))),
		v2.WithUnmarshalers(v2.JoinUnmarshalers(reads, v2.UnmarshalFromFunc(read))),
	)
}

// EncodeTo writes the JSON form of *p to enc, with the options that enc has: it
// is for MarshalJSONTo methods.
func EncodeTo(enc *Encoder, p any, more ...Options) error { return v2.MarshalEncode(enc, p, more...) }

// DecodeFrom reads the next value of dec into *p, with the options that dec
// has: it is for UnmarshalJSONFrom methods.
func DecodeFrom(dec *Decoder, p any, more ...Options) error {
	return v2.UnmarshalDecode(dec, p, more...)
}

// AppendUnquote appends the text of the JSON string src to dst. After an error
// src is not a JSON string of valid UTF-8.
func AppendUnquote(dst, src []byte) ([]byte, error) { return jsontext.AppendUnquote(dst, src) }

// AppendQuote appends text to dst as a JSON string.
func AppendQuote(dst []byte, text string) ([]byte, error) { return jsontext.AppendQuote(dst, text) }

// NewDecoder returns a decoder of r. From a [bytes.Buffer] it reads without a
// copy. Reset reuses it.
func NewDecoder(r io.Reader) *Decoder { return jsontext.NewDecoder(r) }

// IsDuplicateName reports whether err comes from a repeated object name.
func IsDuplicateName(err error) bool { return errors.Is(err, jsontext.ErrDuplicateName) }

// options returns the options that give the wire rules of this package. The
// standard library's engine knows [Number], so the type makes no difference.
func options(bool) Options {
	return v2.JoinOptions(v2.Deterministic(true), v1.FormatDurationAsNano(true))
}
