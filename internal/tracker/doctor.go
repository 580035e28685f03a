package tracker

import (
	"context"
	"fmt"
	"time"

	"pm/internal/plan"
	"pm/internal/store"
)

// Doctor is the input of Tracker.Doctor.
type Doctor struct {
	Fix bool // mend what can be told from the rest of the plan
}

// A Flaw is something stored that is not as pm stores it.
type Flaw = store.Flaw

// A Diagnosis says what is wrong with a database.
type Diagnosis struct {
	Findings []Finding `json:"findings"` // what is left
	Checks   []Check   `json:"checks"`
	Flaws    int       `json:"flaws"`            // that are left
	Library  string    `json:"library"`          // the engine and its version
	Trash    *InTrash  `json:"trash,omitempty"`  // nil: it is empty
	Backup   *Backup   `json:"backup,omitempty"` // the last
}

// A Check is one thing that was looked at.
type Check struct {
	Name  string `json:"name"`
	Flaws []Flaw `json:"flaws"`
	Fixed bool   `json:"fixed,omitempty"` // they were mended

	Severity, Meaning, Mend string `json:"-"` // of its flaws, as findings have them

	fix func(*store.Tx, []Flaw) error // nil: only a backup helps
}

// Doctor checks the whole database: the engine's own file, what is kept of
// what can be counted, the chain of every history, the trash, the operations,
// the text index. With Fix
// it counts anew and fills the text index anew in one transaction; a damaged
// file or history it cannot mend. It reads every row.
func (t *Tracker) Doctor(ctx context.Context, in Doctor) (Diagnosis, error) {
	d, err := read(ctx, t, diagnose)
	if err == nil {
		d.addPlace(t.db.Network())
		for _, trouble := range t.db.Troubles() {
			d.add(trouble.What, trouble.Text)
		}
		d.addBackup(t.lastBackup())
	}
	if err != nil || !in.Fix {
		d.Findings = d.findings()
		return d, err
	}
	// Others can write while all is looked at, and wait only while it is mended.
	_, err = write(ctx, t, call{}, func(tx *store.Tx) (struct{}, error) {
		if err := tx.LockZone(); err != nil { // before all else, as everybody
			return struct{}{}, err
		}
		for _, c := range d.Checks {
			if c.mends() {
				if err := c.fix(tx, c.Flaws); err != nil {
					return struct{}{}, err
				}
			}
		}
		return struct{}{}, nil
	})
	if err != nil {
		return d, err
	}
	for i := range d.Checks {
		if c := &d.Checks[i]; c.mends() {
			c.Fixed = true
			d.Flaws -= len(c.Flaws)
		}
	}
	d.Findings = d.findings()
	return d, nil
}

// addPlace adds that the database lies on a network file system, if it does.
func (d *Diagnosis) addPlace(network string) {
	if network == "" {
		return
	}
	d.add("place", "the database is on a network file system ("+network+")")
}

// addBackup adds what is known of the last backup.
func (d *Diagnosis) addBackup(b *Backup) {
	c := Check{Name: "backup", Flaws: []Flaw{}}
	if d.Backup = b; b == nil {
		return
	}
	if b.Problems > 0 {
		c.Flaws = append(c.Flaws, Flaw{Text: fmt.Sprintf("the last backup that was checked has %d problems", b.Problems)})
	}
	d.Checks = append(d.Checks, c)
	d.Flaws += len(c.Flaws)
}

// mends reports whether there is something to mend, and can be: the text index
// is filled anew in any case, since what it says of a text cannot be checked.
func (c Check) mends() bool {
	return c.fix != nil && (len(c.Flaws) > 0 || c.Name == textIndex)
}

// textIndex is the name of the check of the text index.
const textIndex = "text index"

func diagnose(tx *store.Tx) (d Diagnosis, err error) {
	for _, c := range []struct {
		name string
		find func(*store.Tx) ([]Flaw, error)
		fix  func(*store.Tx, []Flaw) error
	}{
		{"file", (*store.Tx).FileFlaws, nil},
		{"history", (*store.Tx).HistoryFlaws, nil},
		{"trash", trashFlaws, nil},
		{"records", (*store.Tx).SealFlaws, nil},
		{"operations", (*store.Tx).OperationFlaws, nil},
		{"numbers", (*store.Tx).NumberFlaws, func(tx *store.Tx, _ []Flaw) error { return tx.RaiseNumbers() }},
		{"progress", progressFlaws, correctProgress},
		{"dependencies", openFlaws, correctOpen},
		{"links", (*store.Tx).LinkFlaws, func(tx *store.Tx, _ []Flaw) error { return tx.RecountLinks() }},
		{"offers", (*store.Tx).OfferFlaws, offerAnew},
		{"answers", (*store.Tx).AnswerFlaws, func(tx *store.Tx, _ []Flaw) error { return tx.MendAnswers() }},
		{"fields", (*store.Tx).FieldFlaws, (*store.Tx).MendFields},
		{"stages", (*store.Tx).StageFlaws, nil},
		{"deferrals", (*store.Tx).DeferralFlaws, func(tx *store.Tx, _ []Flaw) error { return deferAnew(tx) }},
		{"counts", (*store.Tx).CountFlaws, func(tx *store.Tx, _ []Flaw) error { return tx.RebuildCounts() }},
		{textIndex, (*store.Tx).SearchFlaws, func(tx *store.Tx, _ []Flaw) error { return tx.RebuildSearch() }},
	} {
		flaws, err := c.find(tx)
		if err != nil && kindOf(err) == plan.Corrupt {
			flaws, err = append(flaws, Flaw{Text: plan.Describe(err).Message}), nil
		}
		if err != nil {
			return d, err
		}
		if flaws == nil {
			flaws = []Flaw{}
		}
		d.Checks = append(d.Checks, Check{Name: c.name, Flaws: flaws, fix: c.fix})
		d.Flaws += len(flaws)
	}
	if d.Trash, err = inTrash(tx); err == nil {
		d.Library, err = tx.Library()
	}
	return d, firstError(err, d.addClock(tx))
}

// clocksDiffer is how far those of two machines may be apart.
const clocksDiffer = time.Minute

// addClock adds that the last change was made in the future, if it was.
func (d *Diagnosis) addClock(tx *store.Tx) error {
	last, err := tx.OperationPage(store.AfterAll, 1)
	if err != nil || len(last) == 0 {
		return err
	}
	now, err := tx.Now()
	if ahead := last[0].At.Sub(now); err == nil && ahead > clocksDiffer {
		d.add("clock", fmt.Sprintf("the last change is dated %s from now", ahead.Round(time.Second)))
	}
	return err
}

// add adds a check that has found something.
func (d *Diagnosis) add(name, flaw string) {
	d.Checks = append(d.Checks, Check{Name: name, Flaws: []Flaw{{Text: flaw}}})
	d.Flaws++
}

// flawed makes flaws of what is counted wrong.
func flawed[D fmt.Stringer](drifts []D, err error, key func(D) plan.Key) ([]Flaw, error) {
	var out []Flaw
	for _, d := range drifts {
		out = append(out, Flaw{Key: key(d), Text: d.String()})
	}
	return out, err
}

func progressFlaws(tx *store.Tx) ([]Flaw, error) {
	drifts, err := tx.Drifts()
	return flawed(drifts, err, func(d store.Drift) plan.Key { return d.Key })
}

func openFlaws(tx *store.Tx) ([]Flaw, error) {
	drifts, err := tx.OpenDrifts()
	return flawed(drifts, err, func(d store.OpenDrift) plan.Key { return d.Key })
}

// correctProgress adds what is missing, so that what others change meanwhile
// counts, too.
func correctProgress(tx *store.Tx, _ []Flaw) error {
	drifts, err := tx.Drifts()
	for _, d := range drifts {
		if d.Key.Level() == plan.LevelFeature {
			err = tx.AddFeatureCounts(d.Key, d.Missing())
		} else {
			_, err = tx.AddEpicCounts(d.Key, d.Missing())
		}
		if err != nil {
			return err
		}
	}
	return err
}

func correctOpen(tx *store.Tx, _ []Flaw) error {
	drifts, err := tx.OpenDrifts()
	for _, d := range drifts {
		if err := tx.AddOpen(d.Key, d.Counted-d.Kept); err != nil {
			return err
		}
	}
	return err
}

func offerAnew(tx *store.Tx, of []Flaw) error {
	for _, f := range of {
		if err := tx.OfferTasks(f.Key); err != nil {
			return err
		}
	}
	return nil
}
