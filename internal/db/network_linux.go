package db

import (
	"fmt"
	"os"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// networkSystem returns the name of the network file system of a directory, by
// the number that the kernel gives (statfs(2)); empty for any other. What FUSE and
// 9p show may be on this machine: how it is mounted tells.
func networkSystem(dir string) string {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return ""
	}
	if magic := uint32(s.Type); magic != 0x65735546 && magic != 0x01021997 {
		return networkName(magic)
	}
	var at syscall.Stat_t
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil || syscall.Stat(dir, &at) != nil {
		return ""
	}
	return networkMount(string(mounts), fmt.Sprintf("%d:%d", unix.Major(uint64(at.Dev)), unix.Minor(uint64(at.Dev))))
}

// overNetwork are the file systems of FUSE that lead to other machines.
var overNetwork = " sshfs s3fs s3fs-fuse rclone glusterfs gcsfuse goofys ceph ceph-fuse curlftpfs davfs davfs2 hdfs juicefs moosefs mfs lizardfs seaweedfs "

// networkMount returns the name of the network file system of a device, from the
// lines of /proc/self/mountinfo: one of FUSE by its name, 9p if it is spoken over
// TCP or RDMA. The shares of a virtual machine with its host (9p, virtiofs) count
// as this machine's.
func networkMount(mounts, device string) string {
	for line := range strings.Lines(mounts) {
		before, after, _ := strings.Cut(line, " - ")
		of, how := strings.Fields(before), strings.Fields(after)
		if len(of) < 3 || of[2] != device || len(how) < 3 {
			continue
		}
		name, is := strings.CutPrefix(how[0], "fuse.")
		switch {
		case is && strings.Contains(overNetwork, " "+name+" "):
			return name
		case how[0] == "9p" && (strings.Contains(how[2], "trans=tcp") || strings.Contains(how[2], "trans=rdma")):
			return "9p"
		}
	}
	return ""
}

func networkName(magic uint32) string {
	switch magic {
	case 0x6969:
		return "NFS"
	case 0x517b, 0xfe534d42, 0xff534d42:
		return "SMB"
	case 0x5346414f, 0x6b414653:
		return "AFS"
	case 0x00c36400:
		return "Ceph"
	case 0x0bd00bd0:
		return "Lustre"
	case 0x47504653:
		return "GPFS"
	case 0x19830326:
		return "BeeGFS"
	case 0x73757245:
		return "Coda"
	}
	return ""
}
