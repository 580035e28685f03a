// Package insight says how the work of a plan flows, and when what is left of
// it will be done. It reads tasks and their moves from the store, in a
// transaction that its caller began, has package flow do the sums, and makes
// the answers of them that the surfaces show. docs/flow.md defines the figures.
package insight

import (
	"time"

	"pm/internal/flow"
	"pm/internal/plan"
)

// Charts lists the charts of insights.
func Charts() []string {
	return []string{chartBurnup, chartFlow, chartCycle, chartThroughput, chartAging, chartTime}
}

const (
	chartBurnup     = "burnup"
	chartFlow       = "flow"
	chartCycle      = "cycle"
	chartAging      = "aging"
	chartThroughput = "throughput"
	chartTime       = "time"
)

// Insights is how work flows through the tasks of a window. Times are in seconds,
// days are those of the project's time zone. Of the charts that were not asked
// for there is nothing.
type Insights struct {
	Query      string      `json:"query,omitempty"`
	From       flow.Day    `json:"from"`
	To         flow.Day    `json:"to"`
	Zone       string      `json:"zone"`
	Tasks      int         `json:"tasks"`            // without those that were archived before they were completed
	Finished   int         `json:"finished"`         // at any time
	Enough     bool        `json:"enough"`           // there are 10 finished tasks or more
	Reason     string      `json:"reason,omitempty"` // why not
	Cycle      *CycleTimes `json:"cycle,omitempty"`
	Throughput *Throughput `json:"throughput,omitempty"`
	Burnup     []BurnupDay `json:"burnup,omitempty"`
	Flow       []FlowDay   `json:"flow,omitempty"`
	Aging      *Aging      `json:"aging,omitempty"`
	Time       *StageTimes `json:"time,omitempty"`
}

// CycleTimes are the times from start to finish of what was finished in the
// window, the last 2,000 of them one by one.
type CycleTimes struct {
	Count  int          `json:"count"`
	P50    int64        `json:"p50_seconds"`
	P85    int64        `json:"p85_seconds"` // the service level
	P95    int64        `json:"p95_seconds"`
	Points []CyclePoint `json:"points"`
}

// A CyclePoint is a finished task.
type CyclePoint struct {
	Key      plan.Key  `json:"key"`
	Finished time.Time `json:"finished"`
	Seconds  int64     `json:"seconds"`
}

// Throughput is how many tasks were finished on each day.
type Throughput struct {
	Count  int             `json:"count"`
	PerDay float64         `json:"per_day"`
	Days   []ThroughputDay `json:"days"`
}

// A ThroughputDay is a day with how many tasks were finished on it.
type ThroughputDay struct {
	Day      flow.Day `json:"day"`
	Finished int      `json:"finished"`
}

// A BurnupDay is what was planned and what was done at the end of a day.
type BurnupDay struct {
	Day   flow.Day `json:"day"`
	Scope int      `json:"scope"`
	Done  int      `json:"done"`
}

// A FlowDay is how many tasks had come, were started, submitted and finished
// at the end of a day.
type FlowDay struct {
	Day       flow.Day `json:"day"`
	Arrived   int      `json:"arrived"`
	Started   int      `json:"started"`
	Submitted int      `json:"submitted"`
	Finished  int      `json:"finished"`
}

// Aging is what was started and is not finished, the oldest first, 50 at most,
// against the cycle times of the window.
type Aging struct {
	P50   int64       `json:"p50_seconds"`
	P85   int64       `json:"p85_seconds"`
	P95   int64       `json:"p95_seconds"`
	Old   int         `json:"older_than_p85"` // how many
	Items []AgingTask `json:"items"`          // the oldest
	More  int         `json:"more,omitempty"`
}

// An AgingTask is a task with its age: the time since its start.
type AgingTask struct {
	Key     plan.Key        `json:"key"`
	Title   string          `json:"title"`
	Status  plan.TaskStatus `json:"status"`
	Agent   string          `json:"agent,omitempty"`
	Seconds int64           `json:"seconds"`
	Over    string          `json:"over,omitempty"` // the highest percentile that it exceeds: p50, p85 or p95
}

// StageTimes is where the time of tasks went between start and finish, or up
// to now: those that were finished in the window, and those that are under way.
type StageTimes struct {
	Held       int64       `json:"held_seconds"`
	Waiting    int64       `json:"waiting_seconds"`
	Blocked    int64       `json:"blocked_seconds"`
	Review     int64       `json:"review_seconds"`
	Efficiency float64     `json:"efficiency_pct"` // held of all
	Agents     []AgentTime `json:"agents"`
}

// An AgentTime is what an agent did of these tasks.
type AgentTime struct {
	Agent    string `json:"agent"`
	Finished int    `json:"finished"`
	Held     int64  `json:"held_seconds"`
	P50      int64  `json:"p50_seconds,omitempty"`
	P85      int64  `json:"p85_seconds,omitempty"`
}

// How many points and tasks the charts have at most.
const (
	mostPoints = 2000
	mostAging  = 50
)
