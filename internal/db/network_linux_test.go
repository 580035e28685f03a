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
