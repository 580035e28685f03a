package interchange

import (
	"strconv"
	"strings"

	"pm/internal/plan"
)

// parsePriority understands a number from 1 to 10 as it is, P0 to P4 as 1, 3,
// 5, 7 and 9, and critical, high, medium and low as 1, 3, 5 and 8. What
// follows the first word is a remark.
func parsePriority(s string) (int, bool) {
	word, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	word = strings.ToLower(strings.Trim(word, ",;:()*"))
	if n, err := strconv.Atoi(word); err == nil {
		return n, plan.CheckPriority(n) == nil
	}
	switch word {
	case "p0", "critical", "urgent", "highest", "blocker", "kritisch", "dringend", "höchste", "critique", "urgente", "crítica", "crítico", "critico", "критический", "срочно", "紧急", "緊急", "最高", "긴급":
		return 1, true
	case "p1", "high", "major", "hoch", "haute", "élevée", "alta", "alto", "hoog", "wysoki", "высокий", "高", "높음":
		return 3, true
	case "p2", "medium", "normal", "mittel", "moyenne", "media", "média", "medio", "gemiddeld", "średni", "средний", "中", "보통":
		return 5, true
	case "p3":
		return 7, true
	case "low", "minor", "niedrig", "gering", "basse", "faible", "baja", "baixa", "bassa", "laag", "niski", "низкий", "低", "낮음":
		return 8, true
	case "p4", "lowest", "trivial":
		return 9, true
	}
	return 0, false
}

// parseGrade understands what parsePriority does: 1 to 3 is high, 4 to 6 medium.
func parseGrade(s string) (plan.Grade, bool) {
	n, ok := parsePriority(s)
	switch {
	case !ok:
		return "", false
	case n <= 3:
		return plan.High, true
	case n <= 6:
		return plan.Medium, true
	}
	return plan.Low, true
}
