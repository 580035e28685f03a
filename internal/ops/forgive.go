package ops

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"pm/internal/plan"
	"pm/internal/tracker"
)

// OwnNames returns the arguments with synonyms, such as text for body or key
// for keys, replaced by pm's own names. A name that exists is kept, and so is
// a synonym if its own name is given as well.
func OwnNames(args Arguments, names []string) Arguments {
	own := repeatFrom(args, names)
	for _, name := range sortedKeys(args) {
		if slices.Contains(names, name) || own != nil && name == "from" {
			continue
		}
		to := ownName(name, names)
		if _, given := args[to]; to == "" || given {
			continue
		}
		if own == nil {
			own = maps.Clone(args)
		}
		own[to] = own[name]
		delete(own, name)
	}
	if own == nil {
		return args
	}
	return own
}

// repeatFrom joins what a rule counts from, given beside it, to the rule: "weekly" and
// "completion" to "weekly from completion". It is nil if nothing is.
func repeatFrom(args Arguments, names []string) Arguments {
	rule, isText := asText(args["repeat"])
	from, is := asText(args["from"])
	if !isText || !is || slices.Contains(names, "from") || !slices.Contains(names, "repeat") {
		return nil
	}
	own := maps.Clone(args)
	delete(own, "from")
	own["repeat"], _ = plan.JSON(rule + " from " + from)
	return own
}

// ownName returns the known name that a word is a synonym of; empty if there
// is none.
func ownName(word string, names []string) string {
	flag := strings.ReplaceAll(strings.ToLower(word), "_", "-")
	for _, s := range plan.Synonyms() {
		if s.Kind != plan.ForFlag {
			continue
		}
		means := strings.ReplaceAll(s.Means, "-", "_")
		if means == "description" && (flag == "note" || flag == "notes") && slices.Contains(names, "if_version") {
			continue // a note on what is there does not replace its description
		}
		if slices.Contains(s.Words, flag) && slices.Contains(names, means) {
			return means
		}
		if s.Means != flag && !slices.Contains(s.Words, flag) || s.Means != "key" && s.Means != "text" && s.Means != "labels" {
			continue
		}
		for _, other := range s.Words { // keys for key, body for text
			if other = strings.ReplaceAll(other, "-", "_"); (other == "keys" || other == "body" || other == "label") && slices.Contains(names, other) {
				return other
			}
		}
	}
	return ""
}

// spread copies a batch's feature to the tasks that have none. A text is a title.
func spread(in any, args Arguments) Arguments {
	feature, given := args["feature"]
	if _, batch := in.(*tracker.CreateTasks); !batch || !given {
		return args
	}
	var tasks []json.RawMessage
	if json.Unmarshal(args["tasks"], &tasks) != nil {
		return args
	}
	for i, raw := range tasks {
		task := Arguments{}
		if _, isText := asText(raw); isText {
			task["title"] = raw
		} else if json.Unmarshal(raw, &task) != nil || task == nil {
			continue // which its decoder refuses
		}
		if task["feature"] == nil {
			task["feature"] = feature
		}
		tasks[i], _ = plan.JSON(task)
	}
	all, err := json.Marshal(tasks)
	if err != nil {
		return args
	}
	return Arguments{"tasks": all}
}
