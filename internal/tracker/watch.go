package tracker

// Changes returns a channel that is told when something was changed through
// this tracker: once for all changes since the channel was last read. What
// other processes change is not told. stop ends it.
func (t *Tracker) Changes() (told <-chan struct{}, stop func()) {
	c := make(chan struct{}, 1)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.watchers[c] = true
	return c, func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.watchers, c)
	}
}

// changed tells the watchers.
func (t *Tracker) changed() {
	t.mu.Lock()
	defer t.mu.Unlock()
	for c := range t.watchers {
		select {
		case c <- struct{}{}:
		default: // it has yet to look at the change before
		}
	}
}
