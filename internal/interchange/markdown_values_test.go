package interchange

import (
	"testing"
	"time"

	"pm/internal/plan"
)

func TestStatusWords(t *testing.T) {
	for s, want := range map[string]plan.TaskStatus{
		"todo": plan.Todo, "To Do": plan.Todo, "created": plan.Todo, "NEW": plan.Todo, "Not Started": plan.Todo,
		"Ready for implementation": plan.Todo, "ready_for_development": plan.Todo, "ready-for-dev": plan.Todo,
		"Not started - marked as \"Could Have\" priority": plan.Todo, "Open (#42)": plan.Todo, "✅ APPROVED": plan.Todo, "Approved": plan.Todo,
		"in-progress": plan.InProgress, "InProgress": plan.InProgress, "In Progress (80%)": plan.InProgress, "🚧 WIP": plan.InProgress, "active": plan.InProgress, "🚧": plan.InProgress,
		"✅ **COMPLETED**": plan.Completed, "Completed (commit 3849a39)": plan.Completed, "done, all of it": plan.Completed,
		"closed": plan.Completed, "✅": plan.Completed, "[x]": plan.Completed, "100%": plan.Completed, "Closed as completed": plan.Completed,
		"blocked": plan.Blocked, "deferred": plan.Blocked, "DEFERRED - later": plan.Blocked, "on hold": plan.Blocked, "Draft - Awaiting PM Review": plan.Blocked,
		"waiting for keys": plan.Blocked, "someday/maybe": plan.Blocked, "postponed": plan.Blocked,
		"Ready for Review": plan.ReadyForReview, "ready_for_code_review": plan.ReadyForReview, "in review": plan.ReadyForReview, "In QA": plan.ReadyForReview,
		"Canceled": plan.Archived, "won't fix": plan.Archived, "Won't do": plan.Archived, "superseded by E05": plan.Archived, "Closed as not planned": plan.Archived,
		"closed (wontfix)": plan.Archived, "Resolved: duplicate of #3": plan.Archived, "not planned": plan.Archived, "dropped": plan.Archived, "Archived": plan.Archived,
		// Remarks that say that a todo cannot begin.
		"todo (blocked by legal)": plan.Blocked, "Todo, after T002": plan.Blocked, "Ready (deferred to v2)": plan.Blocked, "open - on hold": plan.Blocked,
		"APPROVED - All tests pass": plan.Blocked, "to do; waiting": plan.Blocked, "todo (not started)": plan.Todo,
		// What is not understood is nothing.
		"Partial implementation (3 tasks)": "", "not complete": "", "": "", "incomplete": "", "donee": "", "pending legal sign-off": "", "ready for launch": "",
		"open question": "", "todo tomorrow": "", "todo maybe": plan.Blocked, "0%": "", "1": "", "true": "", "accepted": "", "ready-for-legal": "",
	} {
		if got := readStatus(s); got.status != want {
			t.Errorf("%q: %q, want %q", s, got.status, want)
		}
	}
}

// TestStatusWordsOfOtherLanguages: the five that plans use most, in ten languages.
func TestStatusWordsOfOtherLanguages(t *testing.T) {
	for language, said := range map[string][5]string{
		"German": {"Zu erledigen", "In Bearbeitung", "Erledigt", "Abgebrochen", "Zurückgestellt"}, "French": {"À faire", "En cours", "Terminé", "Annulé", "Bloqué"},
		"Spanish": {"Por hacer", "En curso", "Hecho", "Cancelado", "Bloqueado"}, "Portuguese": {"A fazer", "Em andamento", "Concluído", "Cancelado", "Em espera"},
		"Italian": {"Da fare", "In corso", "Completato", "Annullato", "Bloccato"}, "Dutch": {"Te doen", "Bezig", "Gereed", "Geannuleerd", "Geblokkeerd"},
		"Polish": {"Do zrobienia", "W toku", "Gotowe", "Anulowane", "Wstrzymane"}, "Russian": {"К выполнению", "В работе", "Готово", "Отменено", "Заблокировано"},
		"Chinese": {"待办", "进行中", "已完成", "已取消", "被阻塞"}, "Japanese": {"未着手", "対応中", "完了", "キャンセル", "保留"}, "Korean": {"할 일", "진행 중", "완료", "취소됨", "보류"},
	} {
		for n, want := range []plan.TaskStatus{plan.Todo, plan.InProgress, plan.Completed, plan.Archived, plan.Blocked} {
			if got := readStatus(said[n]); got.status != want {
				t.Errorf("%s: %q is %q, not %q", language, said[n], got.status, want)
			}
		}
	}
	for _, said := range []string{"Klaar voor ontwikkeling", "listo para empezar mañana", "готово к релизу", "Prêt à livrer", "Fertig zum Ausliefern", "Fast fertig"} {
		if got := readStatus(said).status; got != plan.Blocked && got != "" {
			t.Errorf("%q is %q", said, got)
		}
	}
}

func TestPlanStatusWords(t *testing.T) {
	for s, want := range map[string]plan.PlanStatus{
		"Draft": plan.PlanDraft, "DEFERRED - not yet": plan.PlanDraft, "active": plan.PlanActive, "In Progress": plan.PlanActive, "todo": plan.PlanActive,
		"ready for review": plan.PlanActive, "Approved": plan.PlanActive, "✅ Complete": plan.PlanCompleted, "archived": plan.PlanArchived, "Won't do": plan.PlanArchived,
		"blocked": plan.PlanDraft, "Architecture Complete": plan.PlanDraft, "backlog": plan.PlanDraft, "on hold": plan.PlanDraft, "Proposed": plan.PlanDraft,
	} {
		d := parseDocument("x", []byte("# X\n\n**Status**: "+s+"\n"), MarkdownOptions{Zone: time.UTC, Now: now})
		if got := d.decidePlan(""); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestEveryPhraseIsFound(t *testing.T) {
	for phrase, want := range words().meanings {
		if got := readStatus(phrase); got.status != want.status || got.dropped != want.dropped {
			t.Errorf("%q: %+v, want %+v", phrase, got, want)
		}
	}
}

func TestPriorities(t *testing.T) {
	for s, want := range map[string]int{
		"1": 1, "10": 10, " 7 (soon)": 7, "P0 (Critical)": 1, "p1": 3, "P2": 5, "P3": 7, "P4": 9,
		"critical": 1, "High": 3, "medium": 5, "Low - later": 8,
		"0": 0, "11": 0, "-3": 0, "P5": 0, "Must Have": 0, "": 0, "99999999999999999999": 0,
	} {
		got, ok := parsePriority(s)
		if ok != (want > 0) || ok && got != want {
			t.Errorf("%q: %d %t, want %d", s, got, ok, want)
		}
	}
	for s, want := range map[string]plan.Grade{"High": plan.High, "P0": plan.High, "medium": plan.Medium, "5": plan.Medium, "low": plan.Low, "huge": ""} {
		if got, _ := parseGrade(s); got != want {
			t.Errorf("%q: %q, want %q", s, got, want)
		}
	}
}

func TestDates(t *testing.T) {
	d := &document{zone: time.UTC}
	for s, want := range map[string]string{
		"2025-12-14":                "2025-12-14T00:00:00Z",
		"2025-12-14 09:30":          "2025-12-14T09:30:00Z",
		"2025-12-14T09:30:00+02:00": "2025-12-14T07:30:00Z",
		"2025-12-14 09:30:05":       "2025-12-14T09:30:05Z",
		"2025/12/14":                "2025-12-14T00:00:00Z",
		"Dec 14, 2025":              "2025-12-14T00:00:00Z",
		"9999-12-31":                "", "0001-01-01": "", "12/11/2025": "",
		"14.12.2025": "", "2025-13-01": "", "soon": "", "": "",
	} {
		got, ok := d.parseDate(s)
		if ok != (want != "") || ok && got.Format("2006-01-02T15:04:05Z07:00") != want {
			t.Errorf("%q: %s %t, want %s", s, got, ok, want)
		}
	}
}
