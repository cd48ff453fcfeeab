package client_test

import (
	"bytes"
	"context"
	"net"
	"sync"
	"testing"

	"golang.org/x/net/http2"
	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"dalil/client"
	dalilv1 "dalil/proto/dalil/v1"
)

// written is a connection that keeps a copy of what is written to it.
type written struct {
	net.Conn
	mu  sync.Mutex
	all bytes.Buffer
}

func (w *written) Write(p []byte) (int, error) {
	w.mu.Lock()
	w.all.Write(p)
	w.mu.Unlock()
	return w.Conn.Write(p)
}

// frames counts the frames that were written by their types, without answers to pings. stream and
// connection are the windows that the client asks for.
func (w *written) frames(t *testing.T) (counts map[http2.FrameType]int, stream, connection uint32) {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	counts = map[http2.FrameType]int{}
	connection = 64<<10 - 1 // RFC 9113, 6.9.2
	all := bytes.NewReader(w.all.Bytes()[len(http2.ClientPreface):])
	for framer := http2.NewFramer(nil, all); all.Len() > 0; {
		frame, err := framer.ReadFrame()
		if err != nil {
			t.Fatal(err)
		}
		if h := frame.Header(); h.Type != http2.FramePing || !h.Flags.Has(http2.FlagPingAck) {
			counts[h.Type]++
		}
		switch f := frame.(type) {
		case *http2.SettingsFrame:
			if value, set := f.Value(http2.SettingInitialWindowSize); set {
				stream = value
			}
		case *http2.WindowUpdateFrame:
			connection += f.Increment
		}
	}
	return counts, stream, connection
}

// An answer costs the client no ping and no update of a window: both would be further
// writes, which the server must read and answer.
func TestAnswersAreNotFollowedByPings(t *testing.T) {
	server := start(t, healthpb.HealthCheckResponse_SERVING)
	var heard *written
	listening := func(ctx context.Context, address string) (net.Conn, error) {
		c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
		heard = &written{Conn: c}
		return heard, err
	}
	connection, err := client.Dial(server.address, client.Direct(), grpc.WithContextDialer(listening))
	if err != nil {
		t.Fatal(err)
	}
	defer connection.Close()
	const calls = 20
	for range calls {
		if _, err := dalilv1.NewSearchServiceClient(connection).Search(t.Context(), &dalilv1.SearchRequest{Query: "water"}); err != nil {
			t.Fatal(err)
		}
	}
	counts, stream, whole := heard.frames(t)
	if counts[http2.FrameHeaders] != calls || counts[http2.FrameData] != calls {
		t.Fatalf("%d calls wrote the frames %v", calls, counts)
	}
	if counts[http2.FramePing] > 0 || counts[http2.FrameWindowUpdate] > 1 { // one makes the window of the connection larger
		t.Errorf("%d calls wrote the frames %v", calls, counts)
	}
	if stream != 4<<20 || whole != 16<<20 {
		t.Errorf("the windows are %d bytes a stream and %d a connection", stream, whole)
	}
}
