// Command pm keeps a project's plan: epics, features and tasks, for people
// and for the programs that work with them.
package main

import (
	"os"

	"pm/internal/cli"
	_ "pm/internal/startup"
)

func main() { os.Exit(cli.Main()) }
