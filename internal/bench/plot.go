// Package bench measures pm: the operations of the specification's table,
// whole commands, growth from ten thousand tasks to a million, import and
// export. It works through the tracker, on databases of its own.
package bench

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"pm/internal/plan"
)

// A plot says what a database to measure on holds: one large feature, E01-F01,
// with half of the tasks but at most 100,000; the others in features of ten,
// fifty features to an epic from E02 on. The same numbers give the same tasks.
type plot struct {
	tasks, large int
	used         bool // labels, dates, estimates, stages and fields; see use
	words, verbs []string
}

const (
	smallFeature = 10
	epicFeatures = 50
	mostLarge    = 100_000
)

func newPlot(tasks int) plot {
	tasks = max(tasks, 2*smallFeature)
	return plot{tasks: tasks, large: min(tasks/2, mostLarge), words: strings.Fields(nouns), verbs: strings.Fields(verbs)}
}

// features returns how many features there are, the large one included.
func (p plot) features() int { return 1 + (p.tasks-p.large+smallFeature-1)/smallFeature }

// epics returns how many epics there are.
func (p plot) epics() int { return 1 + (p.features()-1+epicFeatures-1)/epicFeatures }

// feature returns the key of a feature, and the numbers of its first task and
// the one behind its last.
func (p plot) feature(n int) (k plan.Key, from, to int) {
	if n == 0 {
		return plan.Key{Epic: 1, Feature: 1}, 0, p.large
	}
	from = p.large + (n-1)*smallFeature
	return plan.Key{Epic: 2 + (n-1)/epicFeatures, Feature: 1 + (n-1)%epicFeatures}, from, min(from+smallFeature, p.tasks)
}

// featureOf returns the number of the feature of task i.
func (p plot) featureOf(i int) int {
	if i < p.large {
		return 0
	}
	return 1 + (i-p.large)/smallFeature
}

// key returns the key of task i.
func (p plot) key(i int) plan.Key {
	k, from, _ := p.feature(p.featureOf(i))
	return k.Child(i - from + 1)
}

// status returns the status of task i: 40 % todo, 35 % completed, 5 % each of
// in progress, blocked and in review, 10 % archived.
func (p plot) status(i int) plan.TaskStatus {
	switch n := dice(i, 1) % 100; {
	case n < 40:
		return plan.Todo
	case n < 75:
		return plan.Completed
	case n < 80:
		return plan.InProgress
	case n < 85:
		return plan.Blocked
	case n < 90:
		return plan.ReadyForReview
	}
	return plan.Archived
}

// dependsOn returns the task that task i waits for: for one of five the one before it.
func (p plot) dependsOn(i int) (on int, is bool) {
	_, from, _ := p.feature(p.featureOf(i))
	return i - 1, i > from && dice(i, 2)%5 == 0
}

// dice gives each task its own numbers (SplitMix64).
func dice(i int, what uint64) uint64 {
	z := uint64(i)*0x9e3779b97f4a7c15 + what*0xbf58476d1ce4e5b9
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// The rare word is in the titles of three tasks, however many there are.
const (
	RareWord   = "zugzwang"
	CommonWord = "payment"
)

const (
	nouns = `account address amount api audit backup balance bank banner basket billing bucket button cache card cart
		catalogue certificate chart checkout client colour column command config contract cookie counter coupon currency customer dashboard
		database deadline default delivery deploy detail device dialog discount document domain download draft driver email endpoint engine
		entry error event export feature feed field file filter folder font form format gateway graph group handler header help history
		icon image import index input invoice item job journal key label language layer layout ledger limit link list locale lock log login
		mail map margin market memory menu message method metric migration mobile model module monitor network note number object offer
		option order package page panel parser password payment phone photo plan platform plugin policy pool port price printer privacy
		process product profile progress project prompt protocol proxy query queue quota rate receipt record refund region release report
		request reset resource response retry review role route rule sample scale schedule schema scope screen script search section server
		service session setting shipment signal size socket source stock storage stream style summary support switch table tag target tax
		template test text theme thread ticket timeout title token tool topic trace track transfer trigger type update upload user value
		vendor version video view voucher wallet warehouse webhook widget window worker`
	verbs = "Add Check Describe Drop Extend Find Fix Measure Move Rename Replace Retire Review Show Split Test Update Validate Write"
)

var agentTypes = []string{"backend", "frontend", "testing", "docs", ""}

var epoch = time.Date(2026, time.January, 5, 9, 0, 0, 0, time.UTC)

// task returns task i as it lies in the database, without its history.
func (p plot) task(i int) plan.Task {
	r := rand.New(rand.NewPCG(uint64(i), 7))
	word := func() string { return p.words[r.IntN(len(p.words))] }
	created := epoch.Add(time.Duration(i) * time.Second)
	t := plan.Task{
		Key: p.key(i), Title: fmt.Sprintf("%s the %s %s of the %s", p.verbs[r.IntN(len(p.verbs))], word(), word(), word()),
		Status: p.status(i), AgentType: agentTypes[r.IntN(len(agentTypes))], Priority: 1 + r.IntN(10), Offered: true,
		CreatedAt: created, UpdatedAt: created,
	}
	if i%(p.tasks/3) == p.tasks/7 {
		t.Title += ", in " + RareWord
	}
	var text strings.Builder
	for range 3 {
		fmt.Fprintf(&text, "The %s needs a %s for each %s, or the %s of the %s is lost. ", word(), word(), word(), word(), word())
	}
	t.Description = strings.TrimSpace(text.String())
	if on, is := p.dependsOn(i); is {
		t.DependsOn = []plan.Key{p.key(on)}
		if s := p.status(on); s != plan.Completed && s != plan.Archived {
			t.OpenDependencies = 1
		}
	}
	p.use(&t, i)
	p.settle(&t, created, fmt.Sprintf("a%02d", 1+r.IntN(16)))
	return t
}

// settle sets what follows from the status.
func (p plot) settle(t *plan.Task, created time.Time, agent string) {
	later := created.Add(time.Hour)
	switch t.Status {
	case plan.Todo:
		return
	case plan.Completed, plan.Archived:
		t.CompletedAt = &later
	case plan.Blocked:
		t.BlockedAt, t.BlockedReason, t.BlockedFrom = &later, "waits for an answer", plan.InProgress
	}
	t.AssignedAgent, t.StartedAt, t.UpdatedAt = agent, &created, later
}
