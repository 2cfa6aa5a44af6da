package bind_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

type (
	emptyRanges struct {
		A int     `query:"a" minimum:"5" maximum:"4"`
		B float64 `query:"b" minimum:"5" exclusiveMaximum:"5"`
		C int     `query:"c" exclusiveMinimum:"5" maximum:"5"`
		D string  `query:"d" minLength:"3" maxLength:"2"`
		E int     `query:"e" minimum:"5" maximum:"5"`
	}
	selfPointer  *selfPointer
	selfPointing struct {
		P selfPointer `query:"p"`
	}
)

func TestFor_emptyRange(t *testing.T) {
	assert.Equal(t, `bind: bind_test.emptyRanges cannot be bound:
	emptyRanges.A has minimum:"5" and maximum:"4", which no value satisfies: change one of them
	emptyRanges.B has minimum:"5" and exclusiveMaximum:"5", which no value satisfies: change one of them
	emptyRanges.C has exclusiveMinimum:"5" and maximum:"5", which no value satisfies: change one of them
	emptyRanges.D has minLength:"3" and maxLength:"2", which no value satisfies: change one of them`, declared[emptyRanges]())
}

func TestFor_typeThatPointsToItself(t *testing.T) {
	assert.Contains(t, declared[selfPointing](), "selfPointing.P has type bind_test.selfPointer, a pointer that only points to itself")
}
