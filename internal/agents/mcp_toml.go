package agents

import (
	"github.com/pelletier/go-toml/v2"

	"pm/internal/plan"
)

// tomlBlock is what Codex reads.
func tomlBlock() marked {
	return marked{file: ".codex/config.toml", begin: "# pm:begin", end: "# pm:end",
		text: "# pm:begin\n[mcp_servers.pm]\ncommand = \"pm\"\nargs = [\"mcp\"]\n# pm:end"}
}

// tomlPart is a part between marks: whoever has named the server by hand keeps that.
func tomlPart(f mcpForm) part {
	m := tomlBlock()
	return part{path: f.path, what: MCP, tool: f.tool, take: m.take,
		add: func(text string, there bool) (string, error) {
			foreign, err := isForeignTOML(m, text)
			if err != nil || foreign {
				return text, badTOML(f, err)
			}
			out, err := m.add(text, there)
			if err == nil {
				_, err = tomlServers(out) // a table inside an inline one is none
			}
			return out, badTOML(f, err)
		},
		state: func(text string) State {
			if foreign, _ := isForeignTOML(m, text); foreign {
				return Foreign
			}
			return m.state(text)
		},
	}
}

func badTOML(f mcpForm, err error) error {
	if err == nil || plan.Describe(err).Code == "bad_block" {
		return err
	}
	return plan.Errorf(plan.Refused, "cannot edit %s: %w", f.path, err).WithCode("bad_settings").
		WithHint("fix the file first, or add the server by hand: [mcp_servers.pm] with command and args")
}

// isForeignTOML reports whether settings name a server of pm's name outside of
// the block.
func isForeignTOML(m marked, text string) (bool, error) {
	if begin, _, err := m.find(text); err != nil || begin >= 0 {
		return false, err
	}
	servers, err := tomlServers(text)
	_, foreign := servers["pm"]
	return foreign, err
}

// tomlServers returns the servers that settings name.
func tomlServers(text string) (map[string]any, error) {
	var settings struct {
		Servers map[string]any `toml:"mcp_servers"`
	}
	if err := toml.Unmarshal([]byte(text), &settings); err != nil {
		return nil, plan.Errorf(plan.Invalid, "invalid TOML: %w", err)
	}
	return settings.Servers, nil
}
