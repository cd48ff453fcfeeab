package qdrant_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	sdk "github.com/qdrant/go-client/qdrant"

	"dalil/corpus"
	"dalil/store/qdrant"
	"dalil/store/qdrant/standin"
)

// wrong checks the kind of an error and what it says.
func wrong(t *testing.T, what string, err error, kind corpus.Kind, says ...string) {
	t.Helper()
	if corpus.KindOf(err) != kind {
		t.Errorf("%s: got %v (%s), want %s", what, err, corpus.KindOf(err), kind)
		return
	}
	for _, part := range says {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("%s: %v does not say %q", what, err, part)
		}
	}
}

// place is a server that a test looks at past Dalil, and an alias of its own there.
type place struct {
	address string
	alias   string
	client  *sdk.Client
}

// everywhere runs a test on the stand-in, and on a real server where
// DALIL_TEST_QDRANT names one.
func everywhere(t *testing.T, test func(*testing.T, place)) {
	addresses := map[string]string{"stand-in": standin.Start(t, standin.Options{}).Address()}
	if live := os.Getenv("DALIL_TEST_QDRANT"); live != "" {
		addresses["live"] = live
	}
	for name, address := range addresses {
		t.Run(name, func(t *testing.T) {
			p := place{address: address, alias: fmt.Sprintf("states-%d", time.Now().UnixNano()), client: raw(t, address)}
			t.Cleanup(func() { p.removeAll(t) })
			test(t, p)
		})
	}
}

// at are options for the place.
func (p place) at() qdrant.Options {
	o := at(p.address)
	o.Alias, o.Timeout = p.alias, 10*time.Second
	return o
}

// removeAll leaves nothing behind on a real server.
func (p place) removeAll(t *testing.T) {
	ctx := context.Background()
	names, err := p.client.ListCollections(ctx)
	if err != nil {
		t.Error(err)
	}
	for _, name := range names {
		if strings.HasPrefix(name, p.alias) {
			if err := p.client.DeleteCollection(ctx, name); err != nil {
				t.Error(err)
			}
		}
	}
}

// aliases are those of the place's own names.
func (p place) aliases(t *testing.T) map[string]string {
	t.Helper()
	all, err := p.client.ListAliases(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	held := map[string]string{}
	for _, a := range all {
		if strings.HasPrefix(a.GetAliasName(), p.alias) {
			held[a.GetAliasName()] = a.GetCollectionName()
		}
	}
	return held
}

// point lets the alias point to a collection; "" removes it.
func (p place) point(t *testing.T, to string) {
	t.Helper()
	var err error
	if to == "" {
		err = p.client.DeleteAlias(t.Context(), p.alias)
	} else {
		err = p.client.CreateAlias(t.Context(), p.alias, to)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// foreign makes a collection that Dalil did not make.
func (p place) foreign(t *testing.T, name string, size uint64, metadata map[string]*sdk.Value) {
	t.Helper()
	err := p.client.CreateCollection(t.Context(), &sdk.CreateCollection{
		CollectionName: name, Metadata: metadata,
		VectorsConfig:       sdk.NewVectorsConfigMap(map[string]*sdk.VectorParams{"dense": {Size: size, Distance: sdk.Distance_Cosine}}),
		SparseVectorsConfig: sdk.NewSparseVectorsConfig(map[string]*sdk.SparseVectorParams{"lexical": {Modifier: sdk.Modifier_Idf.Enum()}}),
	})
	if err != nil {
		t.Fatal(err)
	}
}

// strictly sets the strict mode of a collection.
func (p place) strictly(t *testing.T, name string, config *sdk.StrictModeConfig) {
	t.Helper()
	config.Enabled = sdk.PtrOf(true)
	if err := p.client.UpdateCollection(t.Context(), &sdk.UpdateCollection{CollectionName: name, StrictModeConfig: config}); err != nil {
		t.Fatal(err)
	}
}

// another is a second process's store of the same alias.
func (p place) another(t *testing.T) *qdrant.Store {
	t.Helper()
	s, err := qdrant.Open(t.Context(), p.at())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func raw(t *testing.T, address string) *sdk.Client {
	t.Helper()
	host, port, _ := strings.Cut(address, ":")
	number := 0
	for _, c := range port {
		number = number*10 + int(c-'0')
	}
	client, err := sdk.NewClient(&sdk.Config{Host: host, Port: number, SkipCompatibilityCheck: true, PoolSize: 1})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { client.Close() })
	return client
}

func removePassage(t *testing.T, client *sdk.Client, collection string, id corpus.ChunkID) {
	t.Helper()
	_, err := client.Delete(t.Context(), &sdk.DeletePoints{
		CollectionName: collection, Wait: sdk.PtrOf(true),
		Points: sdk.NewPointsSelectorFilter(&sdk.Filter{Must: []*sdk.Condition{sdk.NewHasID(sdk.NewIDUUID(id.String()))}}),
	})
	if err != nil {
		t.Fatal(err)
	}
}
