package backup

import (
	"context"
	"encoding/json"
	"os"

	"pm/internal/outfile"
	"pm/internal/tracker"
)

// Last reads what was remembered of the last backup; nil: nothing was.
func Last(path string) *tracker.Backup {
	b, err := os.ReadFile(path)
	var last tracker.Backup
	if err != nil || json.Unmarshal(b, &last) != nil {
		return nil
	}
	return &last
}

// remember writes what pm status tells of the last backup. Not to manage is no
// failure: the backup is there.
func remember(ctx context.Context, path string, last tracker.Backup) {
	if path == "" {
		return
	}
	if b, err := json.Marshal(last); err == nil {
		outfile.Write(ctx, path, append(b, '\n'), outfile.Options{Mode: 0o600})
	}
}
