package tracker

import (
	"context"
	"fmt"
	"strings"

	"pm/internal/plan"
	"pm/internal/store"
)

// CreateStage is the input of Tracker.CreateStage.
type CreateStage struct {
	Name      string `json:"name" jsonschema:"name of the stage: one word, such as test" arg:"name"`
	AgentType string `json:"agent_type,omitempty" jsonschema:"the agent type that works in it; if not given, each task's own agent type applies" short:"t"`
	Limit     int    `json:"limit,omitempty" jsonschema:"how many of its tasks can be in progress at once; no limit if not given"`
	Before    string `json:"before,omitempty" jsonschema:"the stage to put it before; last if not given" ref:"-"`
	After     string `json:"after,omitempty" jsonschema:"the stage to put it after" ref:"-"`
}

// UpdateStage is the input of Tracker.UpdateStage.
type UpdateStage struct {
	Name      string  `json:"name" jsonschema:"the stage" arg:"name"`
	AgentType *string `json:"agent_type,omitempty" jsonschema:"the agent type that works in it; if empty, each task's own agent type applies" short:"t"`
	Limit     *int    `json:"limit,omitempty" jsonschema:"how many of its tasks can be in progress at once; 0 for no limit"`
	Before    string  `json:"before,omitempty" jsonschema:"the stage to put it before" ref:"-"`
	After     string  `json:"after,omitempty" jsonschema:"the stage to put it after" ref:"-"`
}

// ListStages is the input of Tracker.ListStages.
type ListStages struct {
	AsOf string `json:"as_of,omitempty" jsonschema:"show the plan as it was at this time, such as monday or 2026-11-01T12:00Z, or after this operation (its id)"`
}

// DeleteStage is the input of Tracker.DeleteStage.
type DeleteStage struct {
	Name string `json:"name" jsonschema:"the stage" arg:"name"`
	To   string `json:"to,omitempty" jsonschema:"the stage to move its open tasks to"`
}

// A StageInfo is a stage with its open tasks: all of them, those of these that
// are ready for anyone, and those that are in progress, which its limit is for.
type StageInfo struct {
	plan.Stage
	Open  int `json:"open"`
	Ready int `json:"ready"`
	Held  int `json:"in_progress"`
}

// Stages is the answer of the operations on stages: the line.
type Stages struct {
	Items []StageInfo `json:"items"`
}

// DeletedStage is the answer of Tracker.DeleteStage.
type DeletedStage struct {
	Name  string `json:"name"`
	To    string `json:"to,omitempty"`
	Moved int    `json:"moved"` // tasks
}

// CreateStage adds a stage to the line. Tasks that are there already stay in no
// stage until somebody puts them into one.
func (t *Tracker) CreateStage(ctx context.Context, in CreateStage) (Stages, error) {
	name, err := plan.StageName(in.Name)
	s := plan.Stage{Name: name, AgentType: in.AgentType, Limit: in.Limit}
	if err := firstError(err, s.Check()); err != nil {
		return Stages{}, err
	}
	return write(ctx, t, call{"stage create", in}, func(tx *store.Tx) (Stages, error) {
		return changeLine(tx, func(line plan.Line) (plan.Line, error) {
			if line.Index(name) >= 0 {
				return nil, plan.Errorf(plan.Conflict, "stage %s already exists", name).WithCode("stage_exists").WithHint("change it: pm stage update %s", name)
			}
			if len(line) >= plan.MaxStages {
				return nil, plan.Errorf(plan.Refused, "a project has at most %d stages", plan.MaxStages).WithHint("delete one that is not used: pm stage delete NAME")
			}
			at, err := placeInLine(line, in.Before, in.After)
			return line.Put(s, at), err
		})
	})
}

// UpdateStage changes what is given of a stage, and its place in the line.
func (t *Tracker) UpdateStage(ctx context.Context, in UpdateStage) (Stages, error) {
	return write(ctx, t, call{"stage update", in}, func(tx *store.Tx) (Stages, error) {
		return changeLine(tx, func(line plan.Line) (plan.Line, error) {
			s, err := stageNamed(line, in.Name)
			if err == nil {
				err = firstError(set(&s.AgentType, in.AgentType, same), set(&s.Limit, in.Limit, sameInt), s.Check())
			}
			if err != nil {
				return nil, err
			}
			at := line.Index(s.Name)
			if in.Before != "" || in.After != "" {
				rest := append(line[:at:at], line[at+1:]...)
				if at, err = placeInLine(rest, in.Before, in.After); err != nil {
					return nil, err
				}
			}
			return line.Put(s, at), nil
		})
	})
}

// ListStages returns the line.
func (t *Tracker) ListStages(ctx context.Context, in ListStages) (Stages, error) {
	return readAt(ctx, t, in.AsOf, stagesOf)
}

// DeleteStage takes a stage out of the line. Its open tasks are moved to another
// stage, which must be named if there are any. What is done keeps the name.
func (t *Tracker) DeleteStage(ctx context.Context, in DeleteStage) (DeletedStage, error) {
	return write(ctx, t, call{"stage delete", in}, func(tx *store.Tx) (out DeletedStage, err error) {
		if err := tx.LockGraph(); err != nil { // the project before its items, as everybody locks them
			return out, err
		}
		line, err := tx.Stages()
		if err != nil {
			return out, err
		}
		s, err := stageNamed(line, in.Name)
		if err != nil {
			return out, err
		}
		out.Name = s.Name
		if in.To != "" {
			to, err := stageNamed(line, in.To)
			if err == nil && to.Name == s.Name {
				err = plan.Errorf(plan.Invalid, "cannot move the tasks of %s to itself", s.Name).WithCode("bad_stage").WithHint("name another stage: %s", strings.Join(line.Names(), ", "))
			}
			if err := firstError(err, tx.EnterStage(to.Name)); err != nil {
				return out, err
			}
			out.To = to.Name
		}
		// The tasks before the stage, as everybody locks them; then those that
		// came meanwhile.
		if _, err = tx.LockInStage(s.Name); err == nil {
			err = tx.LockStage(s.Name)
		}
		if err != nil {
			return out, err
		}
		keys, err := tx.LockInStage(s.Name)
		if err == nil && len(keys) > 0 && out.To == "" {
			err = plan.Errorf(plan.Refused, "cannot delete stage %s: %s in it", s.Name, open(len(keys))).WithCode("stage_used").
				WithHint("move them: pm stage delete %s --to STAGE; see them: pm list stage:%s is:open", s.Name, s.Name)
		}
		if err != nil {
			return out, err
		}
		done := tx.Announce(len(keys))
		for i, k := range keys {
			if err := moveToStage(tx, k, out.To); err != nil {
				return out, err
			}
			done(i + 1)
		}
		out.Moved = len(keys)
		_, err = changeProject(tx, func(p plan.Project) (plan.Project, error) {
			return p.With(plan.Definition{Kind: plan.StageDefinition, Name: s.Name}), nil
		})
		return out, err
	})
}

func open(n int) string {
	if n == 1 {
		return "one open task is"
	}
	return fmt.Sprintf("%d open tasks are", n)
}

// moveToStage puts a task into another stage, whatever its limit is.
func moveToStage(tx *store.Tx, k plan.Key, stage string) error {
	task, err := tx.LockTask(k)
	if err != nil {
		return err
	}
	before := task
	task.Stage = stage
	return tx.SaveTask(before, &task, plan.History{})
}

// changeLine changes the line, with a record of the project.
func changeLine(tx *store.Tx, change func(plan.Line) (plan.Line, error)) (Stages, error) {
	_, err := changeProject(tx, func(p plan.Project) (plan.Project, error) {
		line, err := plan.ReadLine(p.Definitions)
		if err != nil {
			return p, err
		}
		line, err = change(line)
		if err != nil {
			return p, err
		}
		return p.WithLine(line), nil
	})
	if err != nil {
		return Stages{}, err
	}
	return stagesOf(tx)
}

// stagesOf returns the line with what its stages hold.
func stagesOf(tx *store.Tx) (Stages, error) {
	out := Stages{Items: []StageInfo{}}
	line, err := tx.Stages()
	if err != nil || len(line) == 0 {
		return out, err
	}
	counts, err := tx.StageCounts()
	for _, s := range line {
		c := counts[s.Name]
		out.Items = append(out.Items, StageInfo{s, c.Open, c.Ready, c.Held})
	}
	return out, err
}

// placeInLine returns the index before or after a stage; -1 if none is named.
func placeInLine(line plan.Line, before, after string) (int, error) {
	if before != "" && after != "" {
		return 0, plan.Errorf(plan.Invalid, "specify either before or after").WithCode("bad_stage")
	}
	if before+after == "" {
		return -1, nil
	}
	s, err := stageNamed(line, before+after)
	at := line.Index(s.Name)
	if after != "" {
		at++
	}
	return at, err
}

// stageNamed returns the stage of that name.
func stageNamed(line plan.Line, word string) (plan.Stage, error) {
	name, err := plan.StageName(word)
	if err != nil {
		return plan.Stage{}, err
	}
	s, there := line.Find(name)
	if there {
		return s, nil
	}
	e := plan.Errorf(plan.NotFound, "stage %s does not exist", name).WithCode("no_stage")
	if len(line) == 0 {
		return s, e.WithHint("add it: pm stage create %s", name)
	}
	return s, e.WithHint("the stages are %s", strings.Join(line.Names(), ", "))
}

// parseStage reads the stage that a task is put into, which must be there;
// empty is none.
func parseStage(tx *store.Tx) func(string) (string, error) {
	return func(word string) (string, error) {
		if strings.TrimSpace(word) == "" {
			return "", nil
		}
		line, err := tx.Stages()
		if err != nil {
			return "", err
		}
		s, err := stageNamed(line, word)
		if err == nil {
			err = tx.EnterStage(s.Name)
		}
		return s.Name, err
	}
}

// startInLine puts new tasks that are in no stage into the first one.
func startInLine(tx *store.Tx, tasks []plan.Task) error {
	line, err := tx.Stages()
	if err == nil && line.First() != "" {
		err = tx.EnterStage(line.First())
	}
	for i := range tasks {
		if tasks[i].Stage == "" {
			tasks[i].Stage = line.First()
		}
	}
	return err
}

// checkRoom refuses to take a task up in a stage that is at its limit. What is
// in progress already takes no more room there.
func checkRoom(tx *store.Tx, task plan.Task) error {
	if task.Stage == "" || task.Status == plan.InProgress {
		return nil
	}
	return roomFor(tx, task)
}

func roomFor(tx *store.Tx, task plan.Task) error {
	room, err := tx.StageRoom(task.Stage)
	if err != nil || room {
		return err
	}
	line, err := tx.Stages()
	s, _ := line.Find(task.Stage)
	if err != nil {
		return err
	}
	return plan.Errorf(plan.Refused, "stage %s is full: %d of %d tasks are in progress", s.Name, s.Limit, s.Limit).WithCode("stage_full").
		WithHint("see who holds them: pm list stage:%s is:held; get work elsewhere: pm next --claim", s.Name)
}
