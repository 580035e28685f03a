package sqlite

// What a connection keeps of the statements that it has prepared: the most
// recent ones, and of them no more than this.
const (
	keptStatements = 64
	keptBytes      = 128 << 10 // of their texts
)

// A cache holds prepared statements that nobody uses at the moment.
type cache struct {
	statements map[string]*statement
	bytes      int
	clock      uint64
}

// take returns a statement of the text, which is then the caller's alone; nil
// if there is none.
func (k *cache) take(text string) *statement {
	s := k.statements[text]
	if s != nil {
		k.remove(s)
	}
	return s
}

// put keeps the statement if it is one that can be used again, and makes room
// for it. What is not kept is finalized.
func (k *cache) put(s *statement) {
	if s.text == "" || len(s.text) > keptBytes || k.statements[s.text] != nil {
		s.finalize()
		return
	}
	for len(k.statements) >= keptStatements || k.bytes+len(s.text) > keptBytes {
		k.drop(k.oldest())
	}
	if k.statements == nil {
		k.statements = map[string]*statement{}
	}
	k.clock++
	s.used = k.clock
	k.statements[s.text] = s
	k.bytes += len(s.text)
}

func (k *cache) remove(s *statement) {
	delete(k.statements, s.text)
	k.bytes -= len(s.text)
}

// drop finalizes kept statements.
func (k *cache) drop(statements ...*statement) {
	for _, s := range statements {
		k.remove(s)
		s.finalize()
	}
}

func (k *cache) oldest() (oldest *statement) {
	for _, s := range k.statements {
		if oldest == nil || s.used < oldest.used {
			oldest = s
		}
	}
	return oldest
}

func (k *cache) all() (all []*statement) {
	for _, s := range k.statements {
		all = append(all, s)
	}
	return all
}
