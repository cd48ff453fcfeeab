package app_test

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

// Many idle connections on the admin port leave probes alone, and are closed
// from the one idle longest.
func TestIdleAdminConnectionsAreReplaced(t *testing.T) {
	_, admin := serve(t, open(t, settings(t, nil)))
	address := strings.TrimPrefix(admin, "http://")
	var idle []net.Conn
	for i := range 500 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		if i%2 == 0 { // every other one asks once and keeps its connection
			fmt.Fprintf(c, "GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
			if response, err := http.ReadResponse(bufio.NewReader(c), nil); err != nil || response.StatusCode != http.StatusOK {
				t.Fatalf("connection %d: %v, %v", i, response, err)
			}
		}
		idle = append(idle, c)
	}
	if code, body := get(t, admin+"/healthz"); code != http.StatusOK {
		t.Errorf("a probe beside 500 idle connections: %d %s", code, body)
	}
	for i, c := range idle[:300] {
		if i%2 == 0 {
			c.SetReadDeadline(time.Now().Add(10 * time.Second))
			if _, err := bufio.NewReader(c).ReadByte(); err == nil || errors.Is(err, os.ErrDeadlineExceeded) {
				t.Fatalf("idle connection %d is still open: %v", i, err)
			}
		}
	}
}

// Connections to the gRPC port that never say anything leave new clients alone.
func TestSilentConnectionsAreReplaced(t *testing.T) {
	connection, _ := serve(t, open(t, settings(t, nil)))
	address := strings.TrimPrefix(connection.Target(), "dns:///")
	for range 1200 {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
	}
	fresh, err := client.Dial(address, client.Direct())
	if err != nil {
		t.Fatal(err)
	}
	defer fresh.Close()
	ctx, cancel := context.WithTimeout(t.Context(), 8*time.Second) // silent ones are closed after ten
	defer cancel()
	if _, err := dalilv1.NewAdminServiceClient(fresh).GetStats(ctx, &dalilv1.GetStatsRequest{}); err != nil {
		t.Errorf("a new client beside 1200 silent connections: %v", err)
	}
}
