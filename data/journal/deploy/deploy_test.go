package deploy

import (
	"strings"
	"testing"
)

func TestLocal(t *testing.T) {
	nodes := Local("/tmp/x", 4222)
	if got := URLs(nodes, "system"); got != "nats://system:system@127.0.0.1:4222,nats://system:system@127.0.0.1:4223,nats://system:system@127.0.0.1:4224" {
		t.Error(got)
	}
	nodes[1].Password = `a "quoted" $word`
	o, err := nodes[1].Options()
	if err != nil {
		t.Fatal(err)
	}
	if !o.SyncAlways || !o.JetStream || o.StoreDir != "/tmp/x/n1" || o.ServerName != "n1" || o.Port != 4223 || o.Cluster.Port != 6223 || len(o.Routes) != Size {
		t.Errorf("%+v", o)
	}
	for _, u := range o.Users {
		if u.Username == "callbox" && (u.Password != nodes[1].Password || !strings.Contains(strings.Join(u.Permissions.Publish.Deny, " "), "STREAM.DELETE")) {
			t.Errorf("%+v", u)
		}
	}
	if len(o.Users) != 2 {
		t.Errorf("%d users", len(o.Users))
	}
}
