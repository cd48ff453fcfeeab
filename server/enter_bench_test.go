package server

import (
	"fmt"
	"net"
	"path/filepath"
	"testing"
	"time"

	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"

	"dalil/access/keys"
	"dalil/corpus"
	dalilv1 "dalil/proto/dalil/v1"
)

// BenchmarkAuthentication measures what the step adds to a call: nothing is configured,
// and one of a hundred API keys.
func BenchmarkAuthentication(b *testing.B) {
	path := filepath.Join(b.TempDir(), "keys.json")
	var text string
	for i := range 100 {
		var err error
		if _, text, err = keys.Create(path, keys.Key{Name: fmt.Sprint("chatbot-", i), Scopes: []string{"search"}, Tenant: "news"}, time.Now()); err != nil {
			b.Fatal(err)
		}
	}
	ring, err := keys.Open(path, keys.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer ring.Close()
	at := &peer.Peer{Addr: &net.TCPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 1}}
	header := metadata.Pairs("authorization", "Bearer "+text, "x-request-id", "1", "user-agent", "grpc-go/1.85.0", "content-type", "application/grpc")
	ctx := metadata.NewIncomingContext(peer.NewContext(b.Context(), at), header)
	for name, options := range map[string]Options{"none": {}, "key": {Authenticator: ring}} {
		b.Run(name, func(b *testing.B) {
			r := &serving{Server: New(Deps{}, options)}
			b.ReportAllocs()
			for b.Loop() {
				if _, ok := corpus.PrincipalOf(r.enter(ctx, dalilv1.SearchService_Search_FullMethodName)); !ok {
					b.Fatal("refused")
				}
			}
		})
	}
}
