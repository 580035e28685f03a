package db

func writable(string) bool { return true }

func ownerOf(string) uint32 { return 0 }
