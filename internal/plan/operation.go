package plan

import "time"

// An Operation is one command that changed something: what one transaction
// wrote. The records of its changes carry its id.
type Operation struct {
	ID      string    `json:"id"` // a UUID of version 7
	At      time.Time `json:"at"`
	Agent   string    `json:"agent"`
	Session string    `json:"session,omitempty"`
	Surface string    `json:"surface,omitempty"`
	Command string    `json:"command"` // in words, with keys but no texts
	Items   int       `json:"items"`   // how many changed
	Undoes  string    `json:"undoes,omitempty"`
}
