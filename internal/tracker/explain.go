package tracker

import (
	"context"
	"strings"

	"pm/internal/db"
	"pm/internal/store"
)

// An Explanation is how the engine runs the statements of one operation, each
// once, in the order in which they first ran.
type Explanation struct {
	Command    string    `json:"command,omitempty"`
	Engine     string    `json:"engine"`
	Statements []db.Plan `json:"statements"`
	Scans      int       `json:"scans"` // statements that read the whole of a table which grows
}

// Explain returns the plans of statements that were observed. It runs none of them.
func (t *Tracker) Explain(ctx context.Context, observed []db.Statement) (Explanation, error) {
	return read(ctx, t, func(tx *store.Tx) (Explanation, error) {
		out := Explanation{Engine: t.db.Engine(), Statements: []db.Plan{}}
		at := map[string]int{}
		for _, s := range observed {
			if s.Text == "" || strings.HasPrefix(s.Name, store.PastPrefix) { // those of temporary tables, which are gone
				continue
			}
			if i, seen := at[s.Text]; seen {
				out.Statements[i].Calls++
				continue
			}
			p, err := tx.Explain(s)
			if err != nil {
				return out, err
			}
			if p.Scans {
				out.Scans++
			}
			at[s.Text] = len(out.Statements)
			out.Statements = append(out.Statements, p)
		}
		return out, nil
	})
}
