package config

import (
	"fmt"
	"net"
	"regexp"
	"strings"
	"time"

	"dalil/corpus"
)

// Store chooses the store. All settings but Name are for qdrant. Settings of the
// layout apply to collections that are created later.
type Store struct {
	Name        string        `koanf:"name" doc:"local (the embedded store, in the folder data) or qdrant"`
	Address     string        `koanf:"address" doc:"qdrant: host:port of its gRPC listener; several nodes are separated by commas"`
	Collection  string        `koanf:"collection" doc:"qdrant: alias of the active collection; the names of collections begin with it"`
	Key         Secret        `koanf:"key" doc:"qdrant: API key"`
	TLS         bool          `koanf:"tls" doc:"qdrant: connect with TLS"`
	CA          string        `koanf:"ca" doc:"qdrant: PEM file of the root certificates to trust; empty: those of the system"`
	Certificate string        `koanf:"certificate" doc:"qdrant: PEM file of a client certificate"`
	PrivateKey  string        `koanf:"private_key" doc:"qdrant: PEM file of the private key of store.certificate"`
	Timeout     time.Duration `koanf:"timeout" doc:"qdrant: timeout of one call; an earlier deadline of the caller takes precedence"`
	Connections int           `koanf:"connections" doc:"qdrant: number of connections"`
	Parallel    int           `koanf:"parallel" doc:"qdrant: largest number of write requests at a time"`
	Poll        time.Duration `koanf:"poll" doc:"qdrant: how often a server checks which collection the alias points to, 10ms to 5s"`

	Numbers      []string `koanf:"numbers" doc:"qdrant: metadata keys whose numbers and times have an index for filters by range; ranges of other keys are slower"`
	Effort       int      `koanf:"effort" doc:"qdrant: hnsw_ef of a search that sets no effort; 0: the default that measured best"`
	Oversampling float64  `koanf:"oversampling" doc:"qdrant: candidates of the quantised search for each one that is kept; 0: the default that measured best"`

	Shards           int  `koanf:"shards" doc:"qdrant, new collection: number of shards; 0: as Qdrant chooses"`
	Replicas         int  `koanf:"replicas" doc:"qdrant, new collection: number of copies of each shard"`
	WriteConsistency int  `koanf:"write_consistency" doc:"qdrant, new collection: number of copies that must confirm a write; 0: 1, so that writes go on when a node is lost (every live copy gets the write in any case)"`
	OnDisk           bool `koanf:"on_disk" doc:"qdrant, new collection: keep full vectors and payload on disk instead of in memory"`
	Quantise         bool `koanf:"quantise" doc:"qdrant, new collection: search int8 vectors in memory, and score the best again with full vectors"`
	M                int  `koanf:"m" doc:"qdrant, new collection: links per point in the HNSW graph; 0: the default that measured best"`
	EfConstruct      int  `koanf:"ef_construct" doc:"qdrant, new collection: candidates that are considered when a point is added to the HNSW graph; 0: the default that measured best"`
}

func defaultStore() Store {
	return Store{
		Name: "local", Address: "127.0.0.1:6334", Collection: "dalil", Timeout: 10 * time.Second, Connections: 3, Parallel: 4, Poll: 3 * time.Second,
		Replicas: 1, Quantise: true,
	}
}

// A collection's name becomes part of a path on the server's disk. The key of a
// number becomes part of a JSON path.
var (
	collectionPattern = regexp.MustCompile(`^[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$`)
	numberPattern     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)
)

// validate checks every setting, whatever the store: a wrong one is found before
// the day on which the store changes.
func (s Store) validate() error {
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
		return fmt.Errorf("store.tls: must be true if store.ca, store.certificate or store.private_key is set")
	}
	if (s.Certificate == "") != (s.PrivateKey == "") {
		return fmt.Errorf("store.certificate and store.private_key: must be set together")
	}
	if s.WriteConsistency > s.Replicas {
		return fmt.Errorf("store.write_consistency: must be at most store.replicas (%[2]d), is %[1]d", s.WriteConsistency, s.Replicas)
	}
	for _, check := range []struct {
		key             string
		value, low, top int
	}{
		{"connections", s.Connections, 1, 64},
		{"parallel", s.Parallel, 1, 256},
		{"effort", s.Effort, 0, corpus.MaxEffort},
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
