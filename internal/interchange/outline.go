package interchange

import (
	"strings"

	"go.yaml.in/yaml/v3"
)

var (
	outlineHeading = pattern(`^(#{1,2})\s+(\S.*)$`)
	outlineTask    = pattern(`^[-*]\s+(\[(.)\]\s+)?(\S.*)$`)
)

// IsOutline reports whether a text that is no plan in YAML looks like an outline:
// it begins with a heading or an item, and has none of a plan's own lists.
func IsOutline(text string) bool {
	first := ""
	for line := range strings.Lines(text) {
		if line = strings.TrimRight(line, "\r\n"); first == "" {
			first = strings.TrimSpace(line)
		}
		for _, list := range []string{"epics:", "features:", "tasks:", "epic:", "feature:"} {
			if strings.HasPrefix(line, list) {
				return false
			}
		}
	}
	return strings.HasPrefix(first, "# ") || strings.HasPrefix(first, "## ") || strings.HasPrefix(first, "- ")
}

// ReadOutline reads a plan as an outline in markdown: headings of the first
// level are epics, of the second features, and items of lists tasks. Other text
// describes what stands above it. Marks takes the fields off the end of a
// task's title: pairs of names and values, of a list several.
func ReadOutline(text string, marks func(title string) (rest string, fields [][2]string)) (Nested, error) {
	root := &yaml.Node{Kind: yaml.MappingNode, Line: 1}
	var epic, feature, last *yaml.Node
	for i, line := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n") {
		n := i + 1
		if h := outlineHeading().FindStringSubmatch(line); h != nil && len(h[1]) == 1 {
			epic, feature = newNode(root, "epics", h[2], n), nil
			last = epic
			continue
		} else if h != nil {
			above := root
			if epic != nil {
				above = epic
			}
			feature = newNode(above, "features", h[2], n)
			last = feature
			continue
		}
		if item := outlineTask().FindStringSubmatch(line); item != nil {
			if item[2] != "" && item[2] != " " {
				return Nested{}, badPlan(n, "a ticked item: a plan cannot set the status of a task")
			}
			above := root
			switch {
			case feature != nil:
				above = feature
			case epic != nil:
				return Nested{}, badPlan(n, "a task outside a feature: put it under a second-level heading")
			}
			title, fields := marks(item[3])
			last = newNode(above, "tasks", title, n)
			for _, f := range fields {
				addScalar(last, f[0], f[1], n)
			}
			continue
		}
		if text := strings.TrimSpace(line); last != nil {
			describe(last, text, n)
		} else if text != "" {
			return Nested{}, badPlan(n, "text before the first item")
		}
	}
	return Nested{root}, nil
}

// newNode adds an item to a list of above.
func newNode(above *yaml.Node, list, title string, line int) *yaml.Node {
	item := &yaml.Node{Kind: yaml.MappingNode, Line: line}
	addScalar(item, "title", strings.TrimSpace(title), line)
	in := fieldNode(above, list)
	if in == nil {
		in = &yaml.Node{Kind: yaml.SequenceNode, Line: line}
		above.Content = append(above.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: list, Line: line}, in)
	}
	in.Content = append(in.Content, item)
	return item
}

func fieldNode(of *yaml.Node, name string) *yaml.Node {
	for i := 0; i+1 < len(of.Content); i += 2 {
		if of.Content[i].Value == name {
			return of.Content[i+1]
		}
	}
	return nil
}

// addScalar sets a field; one that is set already becomes a list.
func addScalar(to *yaml.Node, name, value string, line int) {
	scalar := &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!str", Value: value, Line: line}
	switch there := fieldNode(to, name); {
	case there == nil:
		to.Content = append(to.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: name, Line: line}, scalar)
	case there.Kind == yaml.SequenceNode:
		there.Content = append(there.Content, scalar)
	default:
		first := *there
		*there = yaml.Node{Kind: yaml.SequenceNode, Line: line, Content: []*yaml.Node{&first, scalar}}
	}
}

// describe adds a line to the description of an item.
func describe(item *yaml.Node, text string, line int) {
	switch there := fieldNode(item, "description"); {
	case there == nil && text != "":
		addScalar(item, "description", text, line)
	case there != nil && text != "":
		there.Value += "\n" + text
	}
}
