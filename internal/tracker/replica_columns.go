package tracker

import (
	"time"

	"pm/internal/plan"
)

// TaskColumns are tasks by columns: the value at one place of each is of one
// task. Times are milliseconds since 1970, 0 for none.
type TaskColumns struct {
	Key         []plan.Key        `json:"key"`
	Title       []string          `json:"title"`
	Status      []plan.TaskStatus `json:"status"`
	Stage       []string          `json:"stage"`
	Kind        []string          `json:"kind"`
	AgentType   []string          `json:"agent_type"`
	Priority    []int             `json:"priority"`
	Position    []string          `json:"position"`
	Assignee    []string          `json:"assignee"`
	Agent       []string          `json:"assigned_agent"`
	Labels      [][]string        `json:"labels"`
	Due         []plan.Date       `json:"due"`
	NotBefore   []plan.Date       `json:"not_before"`
	Estimate    []plan.Estimate   `json:"estimate"`
	Checks      []int             `json:"checks"`
	ChecksDone  []int             `json:"checks_done"`
	Reason      []string          `json:"blocked_reason"`
	Waits       []int             `json:"open_dependencies"`
	Ready       []bool            `json:"ready"`
	LeaseUntil  []int64           `json:"lease_until"`
	Version     []int64           `json:"version"`
	CreatedAt   []int64           `json:"created_at"`
	UpdatedAt   []int64           `json:"updated_at"`
	StartedAt   []int64           `json:"started_at"`
	CompletedAt []int64           `json:"completed_at"`
	BlockedAt   []int64           `json:"blocked_at"`
}

func (c *TaskColumns) add(tasks []plan.Task, now time.Time) {
	for i := range tasks {
		c.addOne(&tasks[i], now)
	}
}

func (c *TaskColumns) addOne(t *plan.Task, now time.Time) {
	done := 0
	for _, check := range t.Checks {
		if check.Done {
			done++
		}
	}
	c.Key, c.Title, c.Status = append(c.Key, t.Key), append(c.Title, t.Title), append(c.Status, t.Status)
	c.Stage = append(c.Stage, t.Stage)
	c.Kind, c.AgentType = append(c.Kind, t.Kind), append(c.AgentType, t.AgentType)
	c.Priority, c.Position = append(c.Priority, t.Priority), append(c.Position, t.Position)
	c.Assignee, c.Agent = append(c.Assignee, t.Assignee), append(c.Agent, t.AssignedAgent)
	c.Labels, c.Due, c.NotBefore = append(c.Labels, t.Labels), append(c.Due, t.Due), append(c.NotBefore, t.NotBefore)
	c.Estimate, c.Checks, c.ChecksDone = append(c.Estimate, t.Estimate), append(c.Checks, len(t.Checks)), append(c.ChecksDone, done)
	c.Reason, c.Waits, c.Ready = append(c.Reason, t.BlockedReason), append(c.Waits, t.OpenDependencies), append(c.Ready, t.Ready(now))
	c.LeaseUntil, c.Version = append(c.LeaseUntil, millis(t.LeaseUntil)), append(c.Version, t.Version)
	c.CreatedAt, c.UpdatedAt = append(c.CreatedAt, t.CreatedAt.UnixMilli()), append(c.UpdatedAt, t.UpdatedAt.UnixMilli())
	c.StartedAt, c.CompletedAt = append(c.StartedAt, millis(t.StartedAt)), append(c.CompletedAt, millis(t.CompletedAt))
	c.BlockedAt = append(c.BlockedAt, millis(t.BlockedAt))
}

func millis(t *time.Time) int64 {
	if t == nil {
		return 0
	}
	return t.UnixMilli()
}
