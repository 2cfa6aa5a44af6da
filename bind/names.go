package bind

// names finds the position of a name. Up to linearNames it compares one after
// the other, which costs less than hashing the name does; BenchmarkBindNames has
// both sides of the limit.
type names struct {
	list  []string
	table map[string]int
}

const linearNames = 8

func (n *names) add(name string) {
	n.list = append(n.list, name)
	if len(n.list) <= linearNames {
		return
	}
	if n.table == nil {
		n.table = make(map[string]int, 2*linearNames)
		for i, earlier := range n.list {
			n.table[earlier] = i
		}
	}
	n.table[name] = len(n.list) - 1
}

// find returns the position of name, or -1.
func (n *names) find(name string) int {
	if n.table != nil {
		if i, ok := n.table[name]; ok {
			return i
		}
		return -1
	}
	for i, candidate := range n.list {
		if candidate == name {
			return i
		}
	}
	return -1
}
