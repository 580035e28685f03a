package mcp

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
)

// The bounds of what a client can listen to.
const (
	maxWatched = 1000 // resources, of one subscription
	maxListens = 16   // requests that listen
)

// A subscription is what a client wants to be told: up to 2025-11-25 there is
// one, of the session; in the latest revision every request that listens is one.
type subscription struct {
	uris  map[string]bool
	lists bool
}

// watch has the client told from now on of what changes, if it has a stream.
func (c *call) watch() error {
	if c.stream == nil || c.server.o.Watch == nil {
		return nil
	}
	return c.stream.watch(c.from, !isLatest(c.revision))
}

// watch begins to tell of changes, once. In the latest revision the client
// says which; in those before it is told of lists without being asked.
func (c *lineConn) watch(from Caller, lists bool) error {
	c.starting.Lock()
	defer c.starting.Unlock()
	if !c.watching && from.Alive.Err() == nil {
		run, err := c.session.server.o.Watch(from.Alive, from, c.eager, c.tell)
		switch {
		case err == nil:
			c.watching = true
			c.watchers.Go(run)
		case from.Alive.Err() == nil:
			return err
		} // else the client left meanwhile: nobody is there to be told
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	own := c.subscriptions[""]
	own.lists = own.lists || lists
	return nil
}

// eager reports whether the client asked for what it is told: a list that it read
// once, as clients do at their start, may be told of later.
func (c *lineConn) eager() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.subscriptions) > 1 || len(c.subscriptions[""].uris) > 0
}

// tell sends the notifications that a change asks for.
func (c *lineConn) tell(change Change) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, of := range slices.Sorted(maps.Keys(c.subscriptions)) {
		meta := map[string]any(nil)
		if of != "" {
			meta = map[string]any{metaSubscription: json.RawMessage(of)}
		}
		s := c.subscriptions[of]
		for _, uri := range slices.Sorted(maps.Keys(s.uris)) {
			if change.Concerns(uri) {
				c.sendLocked(notice{JSONRPC: "2.0", Method: "notifications/resources/updated", Params: updated{meta, uri}})
			}
		}
		if s.lists && change.Lists {
			c.sendLocked(notice{JSONRPC: "2.0", Method: "notifications/resources/list_changed", Params: updated{meta, ""}})
		}
	}
}

// An updated is what a notification about resources says.
type updated struct {
	Meta map[string]any `json:"_meta,omitempty"`
	URI  string         `json:"uri,omitempty"`
}

// subscribed reads the URI of a request about the session's subscription, which
// is changed under the lock of its connection.
func (c *call) subscribed(method string) (uri string, err error) {
	if c.stream == nil || c.server.o.Watch == nil {
		return "", notSpoken(method)
	}
	if err := c.params.read("uri", &uri); err != nil {
		return "", err
	}
	if read, _ := c.server.o.reader(uri); read == nil {
		return "", NotFound(uri)
	}
	return uri, nil
}

func subscribe(_ context.Context, c *call) (any, error) {
	uri, err := c.subscribed("resources/subscribe")
	if err == nil {
		err = c.watch()
	}
	if err != nil {
		return nil, err
	}
	c.stream.mu.Lock()
	own := c.stream.subscriptions[""]
	full := len(own.uris) >= maxWatched && !own.uris[uri]
	if !full {
		own.uris[uri] = true
	}
	c.stream.mu.Unlock()
	if full {
		return nil, &Error{Code: invalidRequest, Message: "too many subscriptions"}
	}
	return struct{}{}, nil
}

func unsubscribe(_ context.Context, c *call) (any, error) {
	uri, err := c.subscribed("resources/unsubscribe")
	if err != nil {
		return nil, err
	}
	c.stream.mu.Lock()
	defer c.stream.mu.Unlock()
	delete(c.stream.subscriptions[""].uris, uri)
	return struct{}{}, nil
}

// A listened answers subscriptions/listen at its end.
type listened struct {
	envelope
	of id
}

func (l *listened) complete(server Implementation) {
	l.envelope.complete(server)
	l.Meta[metaSubscription] = json.RawMessage(l.of)
}

// wishes are what a client asks to be told, and what it will be told.
type wishes struct {
	ResourcesListChanged  bool     `json:"resourcesListChanged,omitempty"`
	ResourceSubscriptions []string `json:"resourceSubscriptions,omitempty"`
}

// listen tells of changes until the client cancels the request.
func listen(ctx context.Context, c *call) (any, error) {
	if c.stream == nil || c.server.o.Watch == nil {
		return nil, notSpoken("subscriptions/listen")
	}
	var asked object
	var w wishes
	if err := c.params.read("notifications", &asked); err != nil {
		return nil, err
	}
	if asked == nil {
		return nil, &Error{Code: invalidParams, Message: "invalid params: notifications is missing"}
	}
	if err := asked.read("resourcesListChanged", &w.ResourcesListChanged); err != nil {
		return nil, err
	}
	if err := asked.read("resourceSubscriptions", &w.ResourceSubscriptions); err != nil {
		return nil, err
	}
	s := &subscription{uris: map[string]bool{}, lists: w.ResourcesListChanged && c.server.o.More != nil}
	w.ResourcesListChanged = s.lists
	w.ResourceSubscriptions = slices.DeleteFunc(w.ResourceSubscriptions, func(uri string) bool {
		read, _ := c.server.o.reader(uri)
		return read == nil
	})
	for _, uri := range w.ResourceSubscriptions {
		s.uris[uri] = true
	}
	if err := c.watch(); err != nil {
		return nil, err
	}
	if !c.stream.listening(c.id, s, w) {
		return nil, &Error{Code: invalidRequest, Message: "too many subscriptions"}
	}
	defer c.stream.listened(c.id)
	if s.lists || len(s.uris) > 0 {
		select {
		case <-ctx.Done():
		case <-c.from.Gone.Done():
		}
	}
	return &listened{of: c.id}, nil
}

// listening begins a subscription, and says what of it is granted; false if
// there are too many.
func (c *lineConn) listening(of id, s *subscription, granted wishes) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.subscriptions) > maxListens || len(s.uris) > maxWatched {
		return false
	}
	c.subscriptions[of] = s
	c.sendLocked(notice{JSONRPC: "2.0", Method: "notifications/subscriptions/acknowledged", Params: struct {
		Meta          map[string]any `json:"_meta"`
		Notifications wishes         `json:"notifications"`
	}{map[string]any{metaSubscription: json.RawMessage(of)}, granted}})
	return true
}

func (c *lineConn) listened(of id) {
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.subscriptions, of)
}
