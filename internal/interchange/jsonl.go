package interchange

import (
	"encoding/json"
	"time"

	"pm/internal/plan"
)

// Format is the version of the JSON lines that this program writes, and the
// highest that it reads.
const Format = 2

// An export is a file of JSON lines: a Header, then every item with all that
// belongs to it, in the order of the keys, so that a parent comes before what
// lies under it; the histories of items that are gone; the trash; the
// operations; and an End that seals it. Nothing in it depends on the engine or
// on when it was written: the same plan gives the same bytes.
//
// What belongs to an item can be longer than memory. Then its line says that
// there is more, and More lines follow it: records first, then former texts,
// then notes, each in its order. No line is longer than maxLine.

// A Header is the first line of an export.
type Header struct {
	Type     string `json:"type"` // "pm"
	Format   int    `json:"format"`
	LastEpic int    `json:"last_epic"` // the highest epic number ever given
}

// A ProjectRecord is the line of the project itself, if it has a history.
type ProjectRecord struct {
	Type        string            `json:"type"` // "project"
	UID         string            `json:"uid"`
	Version     int64             `json:"version"`
	CreatedAt   time.Time         `json:"created_at"`
	UpdatedAt   time.Time         `json:"updated_at"`
	HistoryHash string            `json:"history_hash"`
	LastNote    int               `json:"last_note,omitempty"` // the highest number ever given to a note of the plan itself
	Definitions []plan.Definition `json:"definitions,omitempty"`
	Notes       []plan.Note       `json:"notes,omitempty"`
	History     []plan.History    `json:"history,omitempty"`
	Texts       []string          `json:"texts,omitempty"`
	More        bool              `json:"more,omitempty"`
}

// NewProjectRecord makes the line of the project.
func NewProjectRecord(p plan.Project) ProjectRecord {
	return ProjectRecord{Type: "project", UID: p.UID, Version: p.Version, CreatedAt: p.CreatedAt, UpdatedAt: p.UpdatedAt, HistoryHash: p.HistoryHash, LastNote: p.LastNote, Definitions: p.Definitions}
}

// Item returns the project as the line has it.
func (r ProjectRecord) Item() plan.Project {
	return plan.Project{UID: r.UID, Version: r.Version, CreatedAt: r.CreatedAt, UpdatedAt: r.UpdatedAt, HistoryHash: r.HistoryHash, LastNote: r.LastNote, Definitions: r.Definitions}
}

// An EpicRecord is the line of an epic.
type EpicRecord struct {
	Type string `json:"type"` // "epic"
	UID  string `json:"uid"`
	plan.Epic
	LastFeature int            `json:"last_feature"`        // the highest feature number ever given in it
	LastNote    int            `json:"last_note,omitempty"` // the highest number ever given to a note
	HistoryHash string         `json:"history_hash"`
	Notes       []plan.Note    `json:"notes,omitempty"`
	History     []plan.History `json:"history,omitempty"`
	Texts       []string       `json:"texts,omitempty"` // former texts that the history names by their digests
	More        bool           `json:"more,omitempty"`
}

// A FeatureRecord is the line of a feature.
type FeatureRecord struct {
	Type string `json:"type"` // "feature"
	UID  string `json:"uid"`
	plan.Feature
	LastTask    int            `json:"last_task"`           // the highest task number ever given in it
	LastNote    int            `json:"last_note,omitempty"` // the highest number ever given to a note
	HistoryHash string         `json:"history_hash"`
	Notes       []plan.Note    `json:"notes,omitempty"`
	History     []plan.History `json:"history,omitempty"`
	Texts       []string       `json:"texts,omitempty"` // former texts that the history names by their digests
	More        bool           `json:"more,omitempty"`
}

// A TaskRecord is the line of a task.
type TaskRecord struct {
	Type string `json:"type"` // "task"
	UID  string `json:"uid"`
	plan.Task
	Session      string          `json:"session,omitempty"`
	BlockedFrom  plan.TaskStatus `json:"blocked_from,omitempty"`
	NotBefore    plan.Date       `json:"not_before,omitempty"` // always empty: it follows from defer
	LeaseUntil   *time.Time      `json:"lease_until,omitempty"`
	LeaseSeconds int64           `json:"lease_seconds,omitempty"`
	Fence        int64           `json:"fence,omitempty"`     // the highest ever given
	LastNote     int             `json:"last_note,omitempty"` // the highest number ever given to a note
	LastCheck    int             `json:"last_check,omitempty"`
	HistoryHash  string          `json:"history_hash"`
	Notes        []plan.Note     `json:"notes,omitempty"`
	History      []plan.History  `json:"history,omitempty"`
	Texts        []string        `json:"texts,omitempty"` // former texts that the history names by their digests
	More         bool            `json:"more,omitempty"`
}

// An EdgeRecord is the line of a dependency of a task that is not in the file
// itself: what a deleted item had pointing at it.
type EdgeRecord struct {
	Type      string   `json:"type"` // "dependency"
	Task      plan.Key `json:"task"`
	DependsOn plan.Key `json:"depends_on"`
}

// A LinkRecord is the line of a link of an item that is not in the file itself:
// what a deleted item had leading to it.
type LinkRecord struct {
	Type string        `json:"type"` // "link"
	Item plan.Key      `json:"item"`
	As   plan.LinkKind `json:"as"`
	To   plan.Key      `json:"to"`
}

// An OperationRecord is the line of an operation.
type OperationRecord struct {
	Type string `json:"type"` // "operation"
	plan.Operation
}

// A HistoryRecord is the line of the history of an item that is gone: in the
// trash, by itself or with what it lay under. Its former texts have a line of
// their own, behind all histories.
type HistoryRecord struct {
	Type    string         `json:"type"` // "history"
	Key     plan.Key       `json:"key"`
	UID     string         `json:"uid,omitempty"`
	History []plan.History `json:"history,omitempty"`
	Texts   []string       `json:"texts,omitempty"`
	More    bool           `json:"more,omitempty"`
}

// A MoreRecord goes on with the item of the line before it.
type MoreRecord struct {
	Type    string            `json:"type"`         // "more"
	Key     plan.Key          `json:"key,omitzero"` // none: the project itself
	History []plan.History    `json:"history,omitempty"`
	Texts   []string          `json:"texts,omitempty"`
	Notes   []plan.Note       `json:"notes,omitempty"`
	Rows    []json.RawMessage `json:"rows,omitempty"` // of an entry in the trash
	Row     string            `json:"row,omitempty"`  // the next piece of a row that is too long for a line
	More    bool              `json:"more,omitempty"`
}

// A TrashRecord is the line of an entry of the trash.
type TrashRecord struct {
	Type string `json:"type"` // "trash"
	UID  string `json:"uid"`
	plan.Trashed
	HistoryHash string            `json:"history_hash"`
	Rows        []json.RawMessage `json:"rows"` // the items as lines of an export, without history
	More        bool              `json:"more,omitempty"`
}

// Entry returns the entry with every field that the line has.
func (r TrashRecord) Entry() plan.Trashed {
	t := r.Trashed
	t.UID, t.HistoryHash = r.UID, r.HistoryHash
	return t
}

// An End is the last line of an export. It seals the lines before it.
type End struct {
	Type   string `json:"type"`   // "end"
	Lines  int    `json:"lines"`  // this one included
	SHA256 string `json:"sha256"` // of all bytes before this line
}

// NewEpicRecord, NewFeatureRecord and NewTaskRecord make the line of an item.
func NewEpicRecord(e plan.Epic, notes []plan.Note, history []plan.History) EpicRecord {
	e.Links = plan.OwnLinks(e.Links)
	return EpicRecord{Type: "epic", UID: e.UID, Epic: e, LastFeature: e.LastChild, LastNote: e.LastNote, HistoryHash: e.HistoryHash, Notes: notes, History: history}
}

func NewFeatureRecord(f plan.Feature, notes []plan.Note, history []plan.History) FeatureRecord {
	f.Links = plan.OwnLinks(f.Links)
	return FeatureRecord{Type: "feature", UID: f.UID, Feature: f, LastTask: f.LastChild, LastNote: f.LastNote, HistoryHash: f.HistoryHash, Notes: notes, History: history}
}

func NewTaskRecord(t plan.Task, notes []plan.Note, history []plan.History) TaskRecord {
	t.Links = plan.OwnLinks(t.Links)
	return TaskRecord{Type: "task", UID: t.UID, Task: t, Session: t.Session, BlockedFrom: t.BlockedFrom, LeaseUntil: t.LeaseUntil,
		LeaseSeconds: t.LeaseSeconds, Fence: t.LastFence, LastNote: t.LastNote, LastCheck: t.LastCheck, HistoryHash: t.HistoryHash, Notes: notes, History: history}
}

// Item returns the epic with every field that the line has.
func (r EpicRecord) Item() plan.Epic {
	e := r.Epic
	e.UID, e.LastChild, e.LastNote, e.HistoryHash = r.UID, r.LastFeature, r.LastNote, r.HistoryHash
	return e
}

// Item returns the feature with every field that the line has.
func (r FeatureRecord) Item() plan.Feature {
	f := r.Feature
	f.UID, f.LastChild, f.LastNote, f.HistoryHash = r.UID, r.LastTask, r.LastNote, r.HistoryHash
	return f
}

// Item returns the task with every field that the line has.
func (r TaskRecord) Item() plan.Task {
	t := r.Task
	t.Session, t.BlockedFrom, t.LeaseUntil, t.LeaseSeconds = r.Session, r.BlockedFrom, r.LeaseUntil, r.LeaseSeconds
	t.UID, t.LastFence, t.LastNote, t.HistoryHash = r.UID, r.Fence, r.LastNote, r.HistoryHash
	t.LastCheck = r.LastCheck
	for _, c := range t.Checks {
		t.LastCheck = max(t.LastCheck, c.N)
	}
	t.LeaseDigest = t.DigestLease()
	return t
}
