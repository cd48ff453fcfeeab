package config

import (
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"
)

// Store chooses where points are kept. All but Name is for qdrant; what lays out
// a collection counts when one is made.
type Store struct {
	Name        string        `koanf:"name" doc:"local (the embedded store, below data) or qdrant"`
	Address     string        `koanf:"address" doc:"qdrant: host:port of its gRPC listener; of several nodes with commas between them"`
	Collection  string        `koanf:"collection" doc:"qdrant: the alias of the collection; collections are named after it"`
	Key         Secret        `koanf:"key" doc:"qdrant: API key"`
	TLS         bool          `koanf:"tls" doc:"qdrant: speak TLS"`
	CA          string        `koanf:"ca" doc:"qdrant: PEM file of the roots to trust; empty: the system's"`
	Certificate string        `koanf:"certificate" doc:"qdrant: PEM file of the client's certificate"`
	PrivateKey  string        `koanf:"private_key" doc:"qdrant: PEM file of that certificate's key"`
	Timeout     time.Duration `koanf:"timeout" doc:"qdrant: of one call; a caller's earlier deadline wins"`
	Connections int           `koanf:"connections" doc:"qdrant: connections kept open"`
	Parallel    int           `koanf:"parallel" doc:"qdrant: write requests at a time"`
	Poll        time.Duration `koanf:"poll" doc:"qdrant: how often a server looks where the alias points, 10ms to 5s"`

	Numbers      []string `koanf:"numbers" doc:"qdrant: metadata keys that filters may ask for by range"`
	Effort       int      `koanf:"effort" doc:"qdrant: hnsw_ef of a search that names none; 0: the measured default"`
	Oversampling float64  `koanf:"oversampling" doc:"qdrant: candidates of the quantised search for each one kept; 0: the measured default"`

	Shards           int  `koanf:"shards" doc:"qdrant, new collection: 0: the server's choice"`
	Replicas         int  `koanf:"replicas" doc:"qdrant, new collection: copies of each shard"`
	WriteConsistency int  `koanf:"write_consistency" doc:"qdrant, new collection: copies without which a write fails; 0: 1, so that writes go on when a node is lost (live copies all take it anyway)"`
	OnDisk           bool `koanf:"on_disk" doc:"qdrant, new collection: full vectors and payload on disk"`
	Quantise         bool `koanf:"quantise" doc:"qdrant, new collection: search int8 vectors in memory, rescore with full ones"`
	M                int  `koanf:"m" doc:"qdrant, new collection: links a point in the graph; 0: the measured default"`
	EfConstruct      int  `koanf:"ef_construct" doc:"qdrant, new collection: 0: the measured default"`
}

func defaultStore() Store {
	return Store{
		Name: "local", Address: "127.0.0.1:6334", Collection: "dalil", Timeout: 10 * time.Second, Connections: 3, Parallel: 4, Poll: 3 * time.Second,
		Replicas: 1, Quantise: true,
	}
}

// A collection's name is part of a path on the server's disk; a number's key is
// part of a JSON path.
var (
	collectionPattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$`)
	numberPattern     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

func (s Store) validate() error {
	if s.Name != "qdrant" {
		return nil
	}
	for address := range strings.SplitSeq(s.Address, ",") {
		if _, _, err := net.SplitHostPort(strings.TrimSpace(address)); err != nil {
			return fmt.Errorf("store.address: must be host:port, is %q", address)
		}
	}
	if !collectionPattern.MatchString(s.Collection) {
		return fmt.Errorf("store.collection: %q must be 1 to 100 letters, digits, dots, _ and -", s.Collection)
	}
	for _, key := range s.Numbers {
		if !numberPattern.MatchString(key) {
			return fmt.Errorf("store.numbers: %q must be 1 to 64 letters, digits, _ and -", key)
		}
	}
	if s.Timeout <= 0 {
		return fmt.Errorf("store.timeout: must be above 0, is %v", s.Timeout)
	}
	if s.Poll < 10*time.Millisecond || s.Poll > 5*time.Second {
		return fmt.Errorf("store.poll: must be 10ms to 5s, is %v", s.Poll)
	}
	if !s.TLS && (s.CA != "" || s.Certificate != "" || s.PrivateKey != "") {
		return fmt.Errorf("store.tls: must be true where store.ca, store.certificate or store.private_key is set")
	}
	if (s.Certificate == "") != (s.PrivateKey == "") {
		return fmt.Errorf("store.certificate and store.private_key: need each other")
	}
	if s.WriteConsistency > s.Replicas {
		return fmt.Errorf("store.write_consistency: %d is more than store.replicas, %d", s.WriteConsistency, s.Replicas)
	}
	for _, check := range []struct {
		key             string
		value, low, top int
	}{
		{"connections", s.Connections, 1, 64},
		{"parallel", s.Parallel, 1, 256},
		{"effort", s.Effort, 0, 10_000},
		{"shards", s.Shards, 0, 10_000},
		{"replicas", s.Replicas, 1, 100},
		{"write_consistency", s.WriteConsistency, 0, 100},
		{"m", s.M, 0, 512},
		{"ef_construct", s.EfConstruct, 0, 100_000},
	} {
		if err := within("store."+check.key, check.value, check.low, check.top); err != nil {
			return err
		}
	}
	if s.Oversampling != 0 && !(s.Oversampling >= 1 && s.Oversampling <= 100) {
		return fmt.Errorf("store.oversampling: must be 0 or 1 to 100, is %g", s.Oversampling)
	}
	return nil
}

func within(key string, value, low, high int) error {
	if value < low || value > high {
		return fmt.Errorf("%s: must be %d to %d, is %d", key, low, high, value)
	}
	return nil
}
