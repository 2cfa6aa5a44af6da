package cookie

import (
	"crypto/hmac"
	"crypto/sha256"
	"hash"
	"strings"
	"sync"
)

// A signer authenticates a payload and leaves it readable:
//
//	base64url(payload) "." base64url(version || stamp || MAC)
//	MAC = HMAC-SHA256(subkey, bound || stamp || payload)
type signer struct {
	keys  []*signingKey
	bound []byte
}

// signedTail is the length of what follows the dot, before base64.
const signedTail = 1 + stampSize + sha256.Size

func newSigner(keys *Keys, c *config) (*signer, error) {
	derived, err := subkeys(keys, "sign", c.name)
	if err != nil {
		return nil, err
	}
	s := &signer{bound: boundTo(c.name, c.purpose)}
	for _, subkey := range derived {
		s.keys = append(s.keys, &signingKey{sync.Pool{New: func() any { return hmac.New(sha256.New, subkey) }}})
	}
	return s, nil
}

func (x *signer) close(s *scratch, _ stamp) error {
	stamped := s.plain.Bytes()
	s.raw = append(s.raw[:0], version)
	s.raw = append(s.raw, stamped[:stampSize]...)
	s.raw = x.keys[0].sum(s.raw, x.bound, stamped)
	s.line = base64url.AppendEncode(s.line, stamped[stampSize:])
	s.line = append(s.line, '.')
	s.line = base64url.AppendEncode(s.line, s.raw)
	return nil
}

func (x *signer) open(s *scratch, raw string, now int64) ([]byte, Meta, error) {
	payload, tail, _ := strings.Cut(raw, ".")
	var err error
	if s.raw, err = decode(s.raw[:0], tail); err != nil || len(s.raw) != signedTail || s.raw[0] != version {
		return nil, Meta{}, ErrInvalid
	}
	sent := s.raw[1+stampSize : signedTail]
	// The payload is decoded before the check, because the MAC covers its bytes. Nothing reads
	// it before the check.
	stamped, err := decode(append(s.line[:0], s.raw[1:1+stampSize]...), payload)
	if err != nil {
		return nil, Meta{}, err
	}
	s.line = stamped
	for i, key := range x.keys {
		s.raw = key.sum(s.raw[:signedTail], x.bound, stamped)
		if hmac.Equal(sent, s.raw[signedTail:]) {
			at := readStamp(stamped)
			meta := at.meta()
			meta.OldKey = i > 0
			return stamped[stampSize:], meta, at.check(now)
		}
	}
	return nil, Meta{}, ErrInvalid
}

// A signingKey pools HMACs that already have the key.
type signingKey struct{ pool sync.Pool }

func (k *signingKey) sum(dst []byte, parts ...[]byte) []byte {
	mac, _ := k.pool.Get().(hash.Hash)
	mac.Reset()
	for _, part := range parts {
		mac.Write(part)
	}
	dst = mac.Sum(dst)
	k.pool.Put(mac)
	return dst
}
