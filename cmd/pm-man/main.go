// Command pm-man writes pm's manual pages into a directory, for those who install
// or package pm:
//
//	go run ./cmd/pm-man /usr/local/share/man/man1
package main

import (
	"fmt"
	"os"

	"pm/internal/reference"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: pm-man FOLDER")
		os.Exit(2)
	}
	pages, err := reference.Man(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "pm-man:", err)
		os.Exit(1)
	}
	fmt.Printf("%d pages in %s\n", pages, os.Args[1])
}
