package db

import (
	"path/filepath"

	"pm/internal/plan"
)

// Network returns the name of the network file system that the database lies
// on; empty if it lies on this machine, on a server of its own, or where that
// cannot be told. SQLite's locks and the index of its WAL hold only among the
// processes of one machine.
func (db *DB) Network() string {
	if db.place == nil {
		return ""
	}
	return db.opts.network(db.path)
}

func (o Options) network(path string) string {
	look := o.FileSystem
	if look == nil {
		look = networkSystem
	}
	return look(filepath.Dir(path))
}

// local refuses to write to a database on a network file system.
func (o Options) local(path string) error {
	name := o.network(path)
	if name == "" {
		return nil
	}
	return plan.Errorf(plan.Refused, "cannot write to %s: it is on a network file system (%s), where other machines could damage it", path, name).WithCode("network_file_system").
		WithHint("copy it to a local disk and name it with --db; for several machines, use PostgreSQL or pm serve")
}
