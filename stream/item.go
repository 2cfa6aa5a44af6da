package stream

import (
	"bytes"
	"fmt"
	"iter"
	"net/http"
	"reflect"
	"sync"

	"github.com/tenonkit/tenon/internal/encode"
	"github.com/tenonkit/tenon/respond"
)

//nolint:gochecknoglobals // holds what was found out about types, one entry per type in the program
var codecs sync.Map // reflect.Type to encode.Codec

func codecOf(t reflect.Type) encode.Codec {
	if found, ok := codecs.Load(t); ok {
		codec, _ := found.(encode.Codec)
		return codec
	}
	codec := encode.For(t)
	codecs.Store(t, codec)
	return codec
}

// encodedItems feeds the items of seq in the form that encode gives them. One
// place is reused for all of them, so that encoding through a pointer costs no
// allocation per item.
func encodedItems[T any](seq iter.Seq2[T, error], encode func(p *pump, buf *bytes.Buffer, v *T) error) feed {
	return func(p *pump) error {
		if seq == nil {
			return nil
		}
		var zero T
		place := new(T)
		for v, err := range seq {
			if err != nil {
				return err
			}
			buf := getFrame()
			*place = v
			if err := encode(p, buf, place); err != nil {
				// Whatever the fault claims to be, it is the server's.
				return respond.NewProblem(http.StatusInternalServerError, "").
					WithCause(fmt.Errorf("stream: item %d: %w", p.frames, err))
			}
			*place = zero // An idle stream keeps nothing alive.
			taken := put(p, buf.Bytes())
			putFrame(buf)
			if !taken {
				break
			}
		}
		return nil
	}
}

// jsonItems feeds the items of seq as JSON.
func jsonItems[T any](seq iter.Seq2[T, error]) feed {
	codec := codecOf(reflect.TypeFor[T]())
	return encodedItems(seq, func(p *pump, buf *bytes.Buffer, v *T) error {
		return p.format.frameWith(codec, buf, v, p.frames == 0)
	})
}

// eventItems feeds the items of seq as events: an [Event] as it is, anything
// else as the data of one.
func eventItems[T any](seq iter.Seq2[T, error]) feed {
	var zero T
	if _, ok := any(&zero).(*Event); ok {
		return encodedItems(seq, func(_ *pump, buf *bytes.Buffer, v *T) error {
			event, _ := any(v).(*Event)
			return writeEvent(buf, event)
		})
	}
	t := reflect.TypeFor[T]()
	if t.Kind() != reflect.Interface && t != reflect.TypeFor[*Event]() {
		return jsonItems(seq)
	}
	codec := codecOf(t)
	return encodedItems(seq, func(p *pump, buf *bytes.Buffer, v *T) error {
		switch event := any(*v).(type) {
		case Event:
			return writeEvent(buf, &event)
		case *Event:
			if event != nil {
				return writeEvent(buf, event)
			}
		}
		return p.format.frameWith(codec, buf, v, p.frames == 0)
	})
}

// rawItems feeds the items of seq as they are.
func rawItems[T string | []byte](seq iter.Seq2[T, error]) feed {
	return func(p *pump) error {
		if seq == nil {
			return nil
		}
		for v, err := range seq {
			if err != nil {
				return err
			}
			if !put(p, v) {
				break
			}
		}
		return nil
	}
}
