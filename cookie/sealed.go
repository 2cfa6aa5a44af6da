package cookie

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/binary"
	"sync/atomic"
)

// A sealer encrypts and authenticates a payload:
//
//	base64url(version || day || AES-256-GCM(key of the day, stamp || payload, bound))
//	key of the day = HKDF-Expand-SHA256(subkey, "day" || day)
//
// The nonces of GCM are random and have 96 bits, so one key is for 2^32 messages (NIST SP
// 800-38D, section 8.3). With a key for each day of issue this is a limit per day. With one key
// for each cookie name it would be a limit for good. A key for each message would cost more than
// the rest of the call: see BenchmarkSealing in ../benchmarks.
type sealer struct {
	keys  []*sealingKey
	bound []byte
}

const (
	secondsPerDay = 24 * 60 * 60
	// sealedHead is the length of version and day.
	sealedHead = 1 + 4
)

func newSealer(keys *Keys, c *config) (*sealer, error) {
	derived, err := subkeys(keys, "seal", c.name)
	if err != nil {
		return nil, err
	}
	s := &sealer{bound: boundTo(c.name, c.purpose)}
	for _, subkey := range derived {
		s.keys = append(s.keys, &sealingKey{subkey: subkey})
	}
	return s, nil
}

func (x *sealer) close(s *scratch, at stamp) error {
	day := dayOf(at.issued)
	key, err := x.keys[0].of(day)
	if err != nil {
		return err
	}
	s.raw = append(s.raw[:0], version)
	s.raw = binary.BigEndian.AppendUint32(s.raw, day)
	s.raw = key.aead.Seal(s.raw, nil, s.plain.Bytes(), x.bound) //nolint:gosec // G407: the AEAD makes the nonce and takes none
	s.line = base64url.AppendEncode(s.line, s.raw)
	return nil
}

func (x *sealer) open(s *scratch, raw string, now int64) ([]byte, Meta, error) {
	var err error
	if s.raw, err = decode(s.raw[:0], raw); err != nil || len(s.raw) < sealedHead || s.raw[0] != version {
		return nil, Meta{}, ErrInvalid
	}
	day := binary.BigEndian.Uint32(s.raw[1:sealedHead])
	if int64(day)*secondsPerDay > now+skew {
		return nil, Meta{}, ErrInvalid
	}
	for i, key := range x.keys {
		daily, err := key.of(day)
		if err != nil {
			return nil, Meta{}, ErrInvalid
		}
		stamped, err := daily.aead.Open(s.line[:0], nil, s.raw[sealedHead:], x.bound)
		if err != nil || len(stamped) < stampSize {
			continue
		}
		s.line = stamped
		at := readStamp(stamped)
		// With the leaked key of one day, only values of that day can be forged.
		if dayOf(at.issued) != day {
			return nil, Meta{}, ErrInvalid
		}
		meta := at.meta()
		meta.OldKey = i > 0
		return stamped[stampSize:], meta, at.check(now)
	}
	return nil, Meta{}, ErrInvalid
}

// dayOf returns the day of a time that is not before 1970.
func dayOf(unix int64) uint32 {
	return uint32(unix / secondsPerDay) //nolint:gosec // before 1970 the result is a day in the future, which makes the value invalid
}

// A sealingKey caches the keys of 32 days: by default a value is valid for 30.
type sealingKey struct {
	subkey []byte
	days   [32]atomic.Pointer[dailyKey]
}

type dailyKey struct {
	day  uint32
	aead cipher.AEAD
}

// of returns the key of a day that is not in the future. The key of a day never replaces that of a
// later one in the cache, so that clients who make up old days do not evict keys in use.
func (k *sealingKey) of(day uint32) (*dailyKey, error) {
	slot := &k.days[day%uint32(len(k.days))]
	known := slot.Load()
	if known != nil && known.day == day {
		return known, nil
	}
	derived, err := k.derive(day)
	if err == nil && (known == nil || known.day < day) {
		slot.CompareAndSwap(known, derived)
	}
	return derived, err
}

func (k *sealingKey) derive(day uint32) (*dailyKey, error) {
	info := binary.BigEndian.AppendUint32([]byte("day"), day)
	secret, err := hkdf.Expand(sha256.New, k.subkey, string(info), 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(secret)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		return nil, err
	}
	return &dailyKey{day, aead}, nil
}
