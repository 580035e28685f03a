package plan

import "time"

// A Trashed is an entry of the trash: a deleted item, with everything in it.
// It can be restored under the same keys.
type Trashed struct {
	ID          int64     `json:"-"`
	ItemID      int64     `json:"-"`
	UID         string    `json:"-"`
	Key         Key       `json:"key"`
	Title       string    `json:"title"`
	Epics       int       `json:"epics,omitempty"` // how many went with it, itself included
	Features    int       `json:"features,omitempty"`
	Tasks       int       `json:"tasks,omitempty"`
	Notes       int       `json:"notes,omitempty"`
	Agent       string    `json:"agent"` // who deleted it
	Operation   string    `json:"operation"`
	DeletedAt   time.Time `json:"deleted_at"`
	HistoryHash string    `json:"-"` // the head of its history's chain

	LeavesAt time.Time `json:"leaves_at,omitzero"` // when it leaves the trash for good; the zero time: never, or not asked for; not stored
}
