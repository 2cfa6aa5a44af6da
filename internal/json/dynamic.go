package json

import "bytes"

// dynamic is the codec of values whose type is known only at run time.
var dynamic = Codec{wire: newWire(true)} //nolint:gochecknoglobals // made once, because the engine caches per set of options

// Dynamic returns the codec of any type. A codec from [For] can be faster for
// the type that it was made for.
func Dynamic() Codec { return dynamic }

// Marshal returns the JSON form of *p.
func Marshal(p any) ([]byte, error) {
	var buf bytes.Buffer
	if err := dynamic.Encode(&buf, p); err != nil {
		return nil, err
	}
	return buf.Bytes(), nil
}

// Unmarshal reads the one JSON value that data holds into *p.
func Unmarshal(data []byte, p any) error { return dynamic.Decode(data, p) }
