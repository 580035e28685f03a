package db

import "io/fs"

// hardLinks returns 1: what is known of a file does not hold the number of its
// names there.
func hardLinks(fs.FileInfo) int { return 1 }
