package db

import "testing"

func TestNetworkFileSystems(t *testing.T) {
	for magic, want := range map[uint32]string{0x6969: "NFS", 0xff534d42: "SMB", 0xef53: "", 0x01021994: "", 0x65735546: "", 0x01021997: ""} {
		if got := networkName(magic); got != want {
			t.Errorf("%x is %q, want %q", magic, got, want)
		}
	}
	if got := networkSystem(t.TempDir()); got != "" {
		t.Logf("this test runs on %s", got)
	}
}

// What FUSE and 9p show is refused only where it is another machine's.
func TestNetworkMounts(t *testing.T) {
	mounts := `36 35 0:50 / /far rw,relatime - fuse.sshfs ada@host: rw,user_id=0
37 35 0:51 / /near rw - fuse.encfs encfs rw
38 35 0:52 / /disk rw - fuseblk /dev/sdb1 rw
39 35 0:53 / /mnt/c rw - 9p drvfs rw,trans=fd,rfd=8
40 35 0:54 / /plan9 rw shared:1 - 9p 10.0.0.1 rw,trans=tcp,port=564
41 35 0:55 / /host rw - virtiofs share rw
`
	for device, want := range map[string]string{"0:50": "sshfs", "0:51": "", "0:52": "", "0:53": "", "0:54": "9p", "0:55": "", "0:5": ""} {
		if got := networkMount(mounts, device); got != want {
			t.Errorf("%s is on %q, want %q", device, got, want)
		}
	}
}
