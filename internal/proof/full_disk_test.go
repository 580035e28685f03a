package proof

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"testing"
)

// A tightDisk runs processes where there is no more room than the test says.
type tightDisk struct {
	name   string
	dir    string // where its files are; empty where there is no such disk
	reason string // why not

	// run runs a process that finds so many bytes of room.
	run func(t *testing.T, cmd *exec.Cmd, room int64) answer
}

// smallDisk is a file system in memory, filled but for the room that is left.
func smallDisk(t *testing.T, in string, megabytes int) tightDisk {
	t.Helper()
	d := tightDisk{name: "disk", dir: filepath.Join(in, "disk")}
	if err := os.Mkdir(d.dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command("mount", "-t", "tmpfs", "-o", fmt.Sprintf("size=%dm,mode=0700", megabytes), "pm", d.dir).CombinedOutput(); err != nil {
		return tightDisk{name: d.name, reason: "no small file system can be mounted here: " + string(out)}
	}
	t.Cleanup(func() { exec.Command("umount", "-l", d.dir).Run() })
	filler := filepath.Join(d.dir, "filler")
	d.run = func(t *testing.T, cmd *exec.Cmd, room int64) answer {
		t.Helper()
		if err := fill(filler, room); err != nil {
			t.Fatal(err)
		}
		defer os.Remove(filler)
		return finish(t, cmd, nil)
	}
	return d
}

// fill fills the disk with a file, up to so many bytes.
func fill(path string, room int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	written, b := int64(0), make([]byte, 64<<10)
	for {
		n, err := f.Write(b)
		if written += int64(n); err != nil {
			return f.Truncate(max(0, written-room))
		}
	}
}

// limitedFiles is a disk on which no file may grow beyond the room, as a quota
// has it, or ulimit -f in a shell.
func limitedFiles(t *testing.T) tightDisk {
	t.Helper()
	d := tightDisk{name: "limit"}
	sh, err := exec.LookPath("sh")
	if err != nil || runtime.GOOS == "windows" {
		d.reason = errors.Join(errors.New("there is no shell that can limit the size of files"), err).Error()
		return d
	}
	d.dir = t.TempDir()
	d.run = func(t *testing.T, cmd *exec.Cmd, room int64) answer {
		t.Helper()
		blocks := strconv.FormatInt(room/512+1, 10) // without any not even a file can be made shorter
		limited := exec.Command(sh, append([]string{"-c", `ulimit -f "$0" && exec "$@"`, blocks, cmd.Path}, cmd.Args[1:]...)...)
		limited.Dir, limited.Env = cmd.Dir, cmd.Env
		return finish(t, limited, nil)
	}
	return d
}
