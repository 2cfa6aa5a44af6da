package decode

type quick struct{}

func (q *quick) release() {}
