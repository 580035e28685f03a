package tracker

import "time"

// A Backup says how old the last backup is, and when one was proved: restored
// into a temporary file and checked.
type Backup struct {
	Path       string     `json:"path,omitempty"` // not told by a server
	At         time.Time  `json:"at"`             // what was acknowledged before it is in the backup
	AgeSeconds int64      `json:"age_seconds"`
	ProvedAt   *time.Time `json:"proved_at,omitempty"`
	Problems   int        `json:"problems,omitempty"` // that pm doctor found in the one that was proved
}

// Remember has the tracker tell of the last backup, which read reads. It
// returns nil where there is none.
func (t *Tracker) Remember(read func() *Backup) { t.backup = read }

// lastBackup returns the last backup; nil: none is known of.
func (t *Tracker) lastBackup() *Backup {
	if t.backup == nil {
		return nil
	}
	b := t.backup()
	if b != nil {
		b.AgeSeconds = max(0, int64(time.Since(b.At).Seconds()))
	}
	return b
}
