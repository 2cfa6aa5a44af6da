package option_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/tenonkit/tenon/internal/option"
)

type (
	number int
	text   string
	pair   [2]option.Adder
)

func (n number) Apply(s *option.Set) { s.Add(n) }
func (t text) Apply(s *option.Set)   { s.AddWire("text."+string(t), t) }
func (p pair) Apply(s *option.Set)   { p[0].Apply(s); p[1].Apply(s) }

// TestLists holds that each type finds its own options, in order and by list.
func TestLists(t *testing.T) {
	t.Parallel()
	s := option.Lists(
		[]option.Adder{number(1), text("a"), nil, (*number)(nil)},
		nil,
		[]option.Adder{pair{text("b"), number(2)}, number(3)},
	)
	var numbers []number
	var lists []int
	for list, n := range option.Of[number](s) {
		numbers, lists = append(numbers, n), append(lists, list)
	}
	assert.Equal(t, []number{1, 2, 3}, numbers)
	assert.Equal(t, []int{0, 2, 2}, lists)
	for list, first := range option.Of[text](s) {
		assert.Equal(t, 0, list)
		assert.Equal(t, text("a"), first)
		break
	}
	assert.Equal(t, []option.Wire{{List: 0, Name: "text.a"}, {List: 2, Name: "text.b"}}, s.Wire())
	for range option.Of[number](option.Lists[number]()) {
		t.Error("nothing is in no list")
	}
}
