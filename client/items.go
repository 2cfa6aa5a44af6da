package client

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"

	"github.com/tenonkit/tenon/internal/json"
)

const readSize = 16 << 10

// lines yields the items of NDJSON, one for each line. Empty lines only keep the
// connection alive. Text after the last line break is incomplete.
func (s *source[T]) lines(body io.Reader) error {
	size := int64(readSize)
	if s.client.maxBody >= 0 {
		size = min(size, s.client.maxBody) + int64(len("\r\n")) // more of a line is not waited for
	}
	from := bufio.NewReaderSize(body, int(size))
	var long []byte
	for {
		line, err := from.ReadSlice('\n')
		if len(long) > 0 || errors.Is(err, bufio.ErrBufferFull) {
			long = append(long, line...)
			line = long
		}
		switch {
		case s.client.maxBody >= 0 && int64(len(bytes.TrimRight(line, "\r\n"))) > s.client.maxBody:
			return s.tooLarge()
		case errors.Is(err, bufio.ErrBufferFull):
			continue
		case errors.Is(err, io.EOF) && len(bytes.TrimSpace(line)) > 0:
			return fmt.Errorf("%w within a line: %w", errCut, io.ErrUnexpectedEOF)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return fmt.Errorf("%w: %w", errCut, err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if err := s.giveJSON(line); err != nil {
				return err
			}
		}
		long = long[:0]
	}
}

func (s *source[T]) tooLarge() error {
	return &misfit{fmt.Sprintf("has an item of more than %d bytes", s.client.maxBody)}
}

// array yields the elements of a JSON array. Nothing may follow its closing bracket.
func (s *source[T]) array(body io.Reader) error {
	limit := s.client.maxBody
	from := &limited{from: body, limit: limit, n: -readSize}
	dec := json.NewDecoder(from)
	token, err := dec.ReadToken()
	if err == nil && token.Kind() != '[' {
		return &misfit{"is no array"}
	}
	for err == nil && dec.PeekKind() != ']' {
		from.n = int64(len(bytes.TrimLeft(dec.UnreadBuffer(), ", \t\r\n")))
		var text json.RawMessage
		if text, err = dec.ReadValue(); err != nil {
			break
		}
		if limit >= 0 && int64(len(text)) > limit {
			return s.tooLarge()
		}
		if err := s.giveJSON(text); err != nil {
			return err
		}
		from.n = -readSize // what is between the items
	}
	if err == nil {
		_, err = dec.ReadToken() // the bracket
	}
	if err == nil {
		if _, err = dec.ReadToken(); err == nil {
			return &misfit{"has more than an array"}
		}
	}
	syntax, isSyntax := errors.AsType[*json.SyntacticError](err)
	switch {
	case from.isOver:
		return s.tooLarge()
	case from.err != nil && !errors.Is(from.err, io.EOF):
		return fmt.Errorf("%w: %w", errCut, from.err)
	case isSyntax && errors.Is(syntax, io.ErrUnexpectedEOF):
		return fmt.Errorf("%w within the array: %w", errCut, io.ErrUnexpectedEOF)
	case isSyntax:
		return &misfit{"is no array of JSON: " + syntax.Error()}
	case errors.Is(err, io.EOF) && dec.StackDepth() == 0 && dec.InputOffset() > 0:
		return nil
	}
	return fmt.Errorf("%w: %w", errCut, err)
}

// A limited is a reader that fails after more than the limit was read since n was 0. A
// negative limit means none.
type limited struct {
	from     io.Reader
	limit, n int64
	isOver   bool
	err      error
}

// Read implements [io.Reader].
func (l *limited) Read(p []byte) (int, error) {
	if l.limit >= 0 && l.n > l.limit {
		l.isOver = true
		return 0, errCut
	}
	n, err := l.from.Read(p[:min(len(p), readSize)])
	l.n += int64(n)
	l.err = err
	return n, err
}

// pieces yields the bytes as they arrive.
func (s *source[T]) pieces(body io.Reader) error {
	buf := make([]byte, readSize)
	for {
		n, err := body.Read(buf)
		if n > 0 {
			var v T
			switch place := any(&v).(type) {
			case *string:
				*place = string(buf[:n])
			case *[]byte:
				*place = bytes.Clone(buf[:n])
			default:
				return &misfit{fmt.Sprintf("has pieces that are not %T", v)}
			}
			if !s.give(v) {
				return errStopped
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("%w: %w", errCut, err)
		}
	}
}
